### What the pages say. The other languages have the same messages, by the same names.
### Each page's messages stand in a section of their own; plain words, no name of the patient.

## Every page

product = زيارة بالفيديو
language = اللغة
call-practice = اتصل على { $phone }
foot-no-phone = لديك أسئلة؟ اتصل بعيادتك.
foot-emergency = في حالات الطوارئ اتصل بالرقم 911.
