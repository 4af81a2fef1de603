### Lo que se envía por mensaje de texto y por correo. Los mismos nombres y las mismas variables que en ../en.
###
### En los mensajes de texto solo caben las letras de GSM-7: é, ñ, ü, ¿ y ¡ sí; á, í, ó y ú no. Por eso se evitan las
### palabras que las llevan.

## The moment

weekday = { $weekday ->
    [mon] lunes
    [tue] martes
    [wed] miércoles
    [thu] jueves
    [fri] viernes
    [sat] sábado
   *[sun] domingo
}
# Without accents that GSM-7 lacks: texts use these too.
weekday-short = { $weekday ->
    [mon] lun
    [tue] mar
    [wed] mié
    [thu] jue
    [fri] vie
    [sat] sab
   *[sun] dom
}
month = { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
}
month-short = { $month ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[12] dic
}
clock = { $hour }:{ $minute } { $half ->
    [am] a.m.
   *[pm] p.m.
}
moment-short = { weekday } { $day } de { month }, { clock } { $zone }
moment = { weekday }, { $day } de { month } de { $year }, { clock } { $zone }{ $placed ->
    [yes] {" "}(hora de { $place })
   *[no] {""}
}
minutes = { $minutes ->
    [one] 1 minuto
   *[other] { $minutes } minutos
}

## The words that all share

visit-with = { $named ->
    [yes] cita con { $clinician }
   *[no] cita
}
visit-kind = { $modality ->
    [audio] cita por teléfono
   *[video] cita por video
}
how = { $modality ->
    [audio] por teléfono
   *[video] por video
}
how-and-stay = { $modality ->
    [audio] por teléfono, no tiene que venir
   *[video] por video, no tiene que venir
}
no-practice = su consultorio

## Texts

sms-from = { $practice }: { $sentence }
sms-link = { $text }: { $link }
sms-stop = { $text } Para no recibir mensajes, responda STOP
sms-time = { $hour }:{ $minute } { $half ->
    [am] AM
   *[pm] PM
} { $zone }
sms-when = { weekday-short } { $day } { month-short } { sms-time }
sms-initial = { $recipient ->
    [clinician] tiene una cita { $when }
    [guest] le invitamos a una { visit-with } { $when }
    [interpreter] le pedimos interpretar en una { visit-with } { $when }
   *[patient] { visit-with } { $when }
}
sms-reminder = { $recipient ->
    [clinician] recordatorio, tiene una cita { $when }
    [interpreter] recordatorio, va a interpretar una { visit-with } { $when }
   *[patient] recordatorio, { visit-with } { $when }
}
sms-urgent = { $recipient ->
    [clinician] urgente, entre ya a la cita { $when }
   *[patient] urgente, entre ya a la { visit-with } { $when }
}
sms-come-in = { $come ->
    [yes] Entre ahora, { $how }
   *[no] Entre ahora
}
sms-ready = { $recipient ->
    [clinician] su paciente le espera para la cita de las { sms-time }. { sms-come-in }
    [patient] { $named ->
        [yes] { $clinician } le espera para su cita de las { sms-time }. { sms-come-in }
       *[no] le esperamos para su cita de las { sms-time }. { sms-come-in }
    }
   *[guest] { $named ->
        [yes] { $clinician } espera para la cita de las { sms-time }. { sms-come-in }
       *[no] le esperamos para la cita de las { sms-time }. { sms-come-in }
    }
}
sms-moved = { $recipient ->
    [clinician] nueva hora de una cita, { $when }
    [patient] nueva hora de su { visit-with }, { $when }
   *[guest] nueva hora de la { visit-with }, { $when }
}
sms-cancelled = { $recipient ->
    [clinician] cita cancelada: { $when }. ¿Preguntas? Llame al { $phone }
    [patient] se cancela su { visit-with } { $when }. ¿Preguntas? Llame al { $phone }
   *[guest] se cancela la { visit-with } { $when }. ¿Preguntas? Llame al { $phone }
}
sms-help = citas por video con un enlace. ¿Preguntas? Llame al { $phone }. Para no recibir mensajes, responda STOP
sms-stopped = ya no le enviamos mensajes. Para recibirlos de nuevo, responda START. ¿Preguntas? Llame al { $phone }
sms-started = le enviamos mensajes de nuevo. Para no recibirlos, responda STOP. ¿Preguntas? Llame al { $phone }
sms-email-link = confirme en { minutes } que es usted
sms-one-time-code = { $code } es su clave para { $practice }. Dura { minutes }. Nunca se la pedimos por teléfono.

sms-bare-visit = cita { sms-when }
sms-bare-ready = entre ahora, { sms-time }
sms-bare-moved = nueva hora { sms-when }
sms-bare-cancelled = se cancela la cita { sms-when }. Llame al { $phone }
sms-bare-email-link = confirme que es usted
sms-bare-one-time-code = { $code } es su clave. Dura { minutes }. Nunca se la pedimos por teléfono.

## E-mails: subjects

subject-initial = { $recipient ->
    [guest] Le invitamos a una { visit-kind }: { moment-short }
    [interpreter] Le pedimos interpretar en una { visit-kind }: { moment-short }
   *[patient] Su { visit-kind }: { moment-short }
}
subject-reminder = { $recipient ->
    [guest] Recordatorio: { visit-kind }, { moment-short }
    [interpreter] Recordatorio: le pedimos interpretar en una { visit-kind }, { moment-short }
   *[patient] Recordatorio: su { visit-kind }, { moment-short }
}
subject-urgent = Urgente: por favor entre a la { visit-kind } ({ moment-short })
subject-ready = { $recipient ->
    [patient] Ya le esperan: entre ahora a su { visit-kind }
    [clinician] Su paciente le espera: { visit-kind } ({ moment-short })
   *[guest] Entre ahora a la { visit-kind }
}
subject-moved = { $recipient ->
    [guest] Nueva hora: { visit-kind }, { moment-short }
    [interpreter] Nueva hora: le pedimos interpretar en una { visit-kind }, { moment-short }
   *[patient] Nueva hora: su { visit-kind } es el { moment-short }
}
subject-cancelled = { $recipient ->
    [patient] Cancelada: su { visit-kind } del { moment-short }
    [clinician] Cancelada: su { visit-kind } del { moment-short }
   *[guest] Cancelada: { visit-kind } del { moment-short }
}
subject-one-time-code = Su código
subject-email-link = Confirme que es usted

heading-initial = { $recipient ->
    [guest] Le invitamos a una { visit-kind }
    [interpreter] Le pedimos interpretar en una { visit-kind }
   *[patient] Su { visit-kind }
}
heading-reminder = { heading-initial }
heading-urgent = Por favor, entre ahora
heading-ready = { $recipient ->
    [patient] Ya le esperan. Entre ahora.
    [clinician] Su paciente le espera. Entre ahora.
   *[guest] Entre ahora.
}
heading-moved = { $recipient ->
    [patient] Su { visit-kind } tiene una nueva hora
    [clinician] Su { visit-kind } tiene una nueva hora
   *[guest] La { visit-kind } tiene una nueva hora
}
heading-cancelled = { $recipient ->
    [patient] Su { visit-kind } se canceló
    [clinician] Su { visit-kind } se canceló
   *[guest] La { visit-kind } se canceló
}
heading-one-time-code = Su código
heading-email-link = Confirme que es usted

## E-mails: what they say

body-visit = { $recipient ->
    [clinician] Tiene una cita { how } de { $practice }.
    [guest] { $practice } le invita a una { visit-with }. Es { how }: no tiene que venir al consultorio.
    [interpreter] { $practice } le pide interpretar en una { visit-with }. Es { how }: no tiene que venir al consultorio.
   *[patient] Su { visit-with } en { $practice } es { how }: no tiene que venir al consultorio.
}
body-open = { $recipient ->
    [clinician] El enlace indica la cita. Se le pedirá que muestre quién es.
   *[patient] { $modality ->
        [audio] Abra el enlace en un teléfono, una tableta o una computadora con micrófono. No hace falta cámara.
       *[video] Abra el enlace en un teléfono, una tableta o una computadora con cámara y micrófono.
    }
}
body-urgent = Por favor, entre en cuanto pueda.
body-moved = La hora ha cambiado. La hora anterior ya no vale.
body-cancelled = { $recipient ->
    [clinician] La siguiente cita de { $practice } no tendrá lugar.
    [patient] Su { visit-with } en { $practice } no tendrá lugar. No tiene que hacer nada. Si desea otra fecha, llámenos por favor.
   *[guest] La { visit-with } en { $practice } no tendrá lugar. No tiene que hacer nada.
}
body-one-time-code = Escriba este código en la página de { $practice } que se lo pide.
body-email-link = { $practice } recibió una solicitud para dejarle entrar. Abra el enlace en el dispositivo con el que va a conectarse.

label-when = Cuándo
label-was = Estaba prevista para
label-how-long = Duración
label-how = Cómo
label-with = Con
label-practice = Consultorio
label-code = Código
value-how = { $modality ->
    [audio] Por teléfono
   *[video] Por video
}

button-join = Entrar a la cita
button-join-now = Entrar ahora a la cita
button-confirm = Sí, soy yo
button-copy = Si el botón no funciona, copie esta dirección en su navegador:

note-link = Este enlace es solo para usted. Por favor, no lo comparta.
note-code = El código dura { minutes }. Nunca se lo pedimos por teléfono.
note-email-link = El enlace dura { minutes } y sirve una sola vez.
note-not-expected = Si usted no pidió esto, no tiene que hacer nada.
note-questions = ¿Preguntas? Llame a { $practice }:

## The entry in a calendar

calendar-summary = { $modality ->
    [audio] Cita por teléfono con { $practice }
   *[video] Cita por video con { $practice }
}
calendar-location = { $modality ->
    [audio] Por teléfono: abra el enlace del mensaje de { $practice }
   *[video] Por video: abra el enlace del mensaje de { $practice }
}
calendar-description = { $recipient ->
    [clinician] Abra el enlace del mensaje de { $practice }. ¿Preguntas? Llame al { $phone }.
   *[patient] No tiene que venir al consultorio. Abra el enlace del mensaje de { $practice }. ¿Preguntas? Llame al { $phone }.
}
calendar-cancelled = Esta cita no tendrá lugar. ¿Preguntas? Llame al { $phone }.

## Places

place-America-New_York = Nueva York
place-America-Detroit = Detroit
place-America-Chicago = Chicago
place-America-Denver = Denver
place-America-Phoenix = Phoenix
place-America-Los_Angeles = Los Ángeles
place-America-Anchorage = Anchorage
place-Pacific-Honolulu = Honolulu
place-America-Puerto_Rico = Puerto Rico
