### What the pages say. The other languages have the same messages, by the same names.
### Each page's messages stand in a section of their own; plain words, no name of the patient.

## Every page

product = Videoconsulta
language = Idioma
call-practice = Llamar al { $phone }
foot-no-phone = ¿Preguntas? Llame a su consultorio.
foot-emergency = En una emergencia, llame al 911.
