### What the pages say. The other languages have the same messages, by the same names.
### Each page's messages stand in a section of their own; plain words, no name of the patient.

## Every page

product = Video visit
language = Language
call-practice = Call { $phone }
foot-no-phone = Questions? Call your practice.
foot-emergency = In an emergency, call 911.
