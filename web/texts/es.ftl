### Lo que dicen las páginas. Los otros idiomas tienen los mismos mensajes, con los mismos nombres.

## Every page

product = Videoconsulta
language = Idioma
call-practice = Llamar al { $phone }
foot-no-phone = ¿Preguntas? Llame a su consultorio.
foot-emergency = En una emergencia, llame al 911.
try-again = Intentar de nuevo
close = Cerrar
offline = No hay conexión en este momento. Esta página sigue intentándolo sola.
check-devices = Probar mi cámara y mi micrófono
to-portal = Ir a mis consultas
trouble-offline = No podemos comunicarnos con el consultorio. Revise su conexión.
trouble-busy = El servicio está ocupado. Intente de nuevo en un momento.
trouble-limited = Hubo demasiados intentos. Espere diez minutos o llame a su consultorio.
trouble-media = Todavía no se pudo preparar la llamada. Intente de nuevo: su enlace sigue funcionando.
trouble-failed = Algo salió mal. Intente de nuevo o llame a su consultorio.

## Join: states

state-loading = Un momento…
state-in-app = Abra esta página en su navegador
state-unsupported = Este navegador no puede hacer videollamadas
state-unreachable = No se pudo abrir la página
state-incomplete = Abra su enlace otra vez
state-invalid = Este enlace no funciona
state-dead = Este enlace ya no es válido
state-used = Este enlace está abierto en otro dispositivo
state-other-tab = Su consulta está abierta en otra pestaña
state-cancelled = Esta consulta fue cancelada
state-ended = Esta consulta ha terminado
state-early = Llegó un poco temprano
state-preview = ¿Todo listo para su consulta?
state-proving = Confirme que es usted
state-turned-away = No se le dejó entrar

## Join: what to do

nothing-spent = Su enlace sigue funcionando: no se ha gastado nada.
in-app-title = Abra esta página en { $target }
in-app-named = Abrió el enlace dentro de { $app }. Ahí la cámara y el micrófono a menudo no funcionan.
in-app-unnamed = Abrió el enlace dentro de otra aplicación. Ahí la cámara y el micrófono a menudo no funcionan.
in-app-open = Abrir en { $target }
in-app-copy = Copiar el enlace
in-app-copied = Copiado
in-app-here = Intentar aquí de todos modos
in-app-menu = Si no pasa nada: copie el enlace, abra { $target } y péguelo en la línea de arriba.
unsupported-what = Abra el enlace en Safari en un iPhone o iPad, o en Chrome en cualquier otro teléfono o computadora.
incomplete-what = Pulse otra vez el enlace de su mensaje de texto o correo. Se necesita el enlace completo.
invalid-what = Pulse el enlace del mensaje más reciente de su consultorio. Si lo escribió, revise cada letra.
invalid-call = Si eso no ayuda, llame a su consultorio.
dead-what = Venció o se envió uno más nuevo. Podemos enviar un enlace nuevo al teléfono y al correo que su consultorio tiene registrados.
renew = Enviarme un enlace nuevo
renew-done = Un enlace nuevo está en camino.
renew-done-where = Revise sus mensajes de texto y correos. Tarda uno o dos minutos.
other-tab-what = Puede cerrar esta o seguir aquí.
phone-instead = Si el video no funciona, llame: la consulta puede seguir por teléfono.
used-what = Podemos enviarle un enlace nuevo al teléfono y al correo que su consultorio tiene registrados.
used-move = Para seguir aquí, le enviamos un código por mensaje de texto. El otro dispositivo sale entonces de la consulta.
used-send-code = Enviarme un código
used-not-you = ¿No fue usted? Llame a su consultorio.
cancelled-what = Si no lo esperaba, llame a su consultorio.
ended-what = ¿Tiene alguna pregunta? Su consultorio puede ayudarle.
turned-away-what = El consultorio no le dejó entrar o terminó su parte de la consulta. Llame si eso le sorprende.

## Join: before the visit

visit-facts = Su consulta
visit-with = Con { $name }
visit-of = Consulta con { $name }
visit-when = { $when }
visit-open-from = Abierta desde { $when }
visit-own-zone = En el reloj de este dispositivo: { $when }
visit-video = Por video. No viaje al consultorio.
visit-audio = Por voz, sin video. No viaje al consultorio.
early-opens = Esta página le deja entrar
early-stay = Puede dejarla abierta: sigue sola.
early-calendar = Agregar a mi calendario
calendar-title = Videoconsulta, { $practice }
calendar-how = Abra el enlace del mensaje de su consultorio. Preguntas: { $phone }
preview-clinician = ¿Todo listo para empezar?
preview-factors = Después le pedimos que confirme que es usted.
preview-waiting-room = Esperará un momento hasta que le dejen entrar.
preview-consent = Al pulsar Entrar acepta ser atendido por video o voz en lugar de en el consultorio. Puede salir en cualquier momento.
name = Su nombre
name-why = Para que el consultorio sepa quién está a la puerta.
name-missing = Escriba su nombre.
join = Entrar
joining = Entrando…

## Join: to show who one is

proving-sms-otp = Le enviamos un código por mensaje
proving-sms-otp-why = Va al número de teléfono que su consultorio tiene registrado.
proving-sms-otp-send = Enviar el código
proving-sms-otp-label = Los seis dígitos del mensaje
proving-email-link = Le enviamos un correo
proving-email-link-why = Va a la dirección que su consultorio tiene registrada. Pulse el enlace que contiene y después Confirmar.
proving-email-link-send = Enviar el correo
proving-phone-last4 = El final de su número de teléfono
proving-phone-last4-why = Escriba los últimos cuatro dígitos del número que su consultorio tiene registrado.
proving-phone-last4-send = Seguir
proving-phone-last4-label = Los últimos cuatro dígitos de su teléfono
proving-sent = Enviado a { $to }
proving-digits = Escriba { $length } dígitos.
proving-wrong = { $left ->
    [0] No es correcto.
    [one] No es correcto. Queda un intento.
   *[other] No es correcto. Quedan { $left } intentos.
}
proving-go = Seguir
proving-resend = No me llegó: enviarlo otra vez
proving-email-sent = Enviado a { $to }. Ábralo y pulse Confirmar.
proving-email-stay = Deje esta página abierta: sigue sola.
proving-email-done = Ya confirmé
proving-no-contact = Su consultorio no tiene teléfono ni dirección para eso. Llame, por favor.
proving-closed = Este código ya no funciona. Pida uno nuevo o llame a su consultorio.
confirm-title = Confirme que es usted
confirm-what = Está por entrar a una videoconsulta en otra página. Pulse solo si es usted.
confirm-press = Confirmar
confirm-done = Gracias
confirm-done-what = Vuelva a la página donde estaba. Sigue sola.
confirm-dead = Este enlace ya no funciona. Vuelva a la página donde estaba y pida un correo nuevo.

## In the visit

stand-resuming = Le llevamos de vuelta…
stand-waiting = Está en la sala de espera
stand-joining = Conectando…
stand-call = En la llamada
stand-left = Ha salido
let-in = Le están dejando entrar.
waiting-knows = { $name } sabe que está aquí y le dejará entrar.
waiting-knows-nameless = El consultorio sabe que está aquí y le dejará entrar.
waiting-position = { $position ->
    [1] Es su turno en seguida.
   *[other] Es el número { $position } en la fila.
}
waiting-forecast = { $minutes ->
    [one] La espera es de alrededor de un minuto.
   *[other] La espera es de alrededor de { $minutes } minutos.
}
waiting-stay = Deje esta página abierta. Oirá un sonido cuando le dejen entrar.
waiting-leave = Salir de la sala de espera
do-not-close = No cierre esta página: este navegador no puede recordarle.
left-what = Puede volver hasta que termine la consulta.
left-back = Volver
over-ended = La consulta ha terminado
over-ended-what = Gracias. Si tiene alguna pregunta, su consultorio puede ayudarle. Puede cerrar esta página.
over-cancelled = Esta consulta fue cancelada
over-cancelled-what = Si no lo esperaba, llame a su consultorio.
over-rejected = No se le dejó entrar
over-rejected-what = Llame a su consultorio si eso le sorprende.
over-removed = Ya no está en la consulta
over-removed-what = El consultorio terminó su parte de la consulta. Llame si eso le sorprende.
over-elsewhere = Está en la consulta en otro dispositivo
over-elsewhere-what = O su tiempo aquí terminó. Puede seguir aquí de todos modos.
over-again = Seguir aquí

## The call

call-connecting = Conectando…
call-connected = Conectado
call-reconnecting = Reconectando…
call-failed = Sin conexión
call-stopped = Reconectando…
call-reconnecting-long = Se perdió la conexión. Le llevamos de vuelta; espere, por favor.
call-failed-long = La conexión no volvió. Revise su red o llame al consultorio.
call-full = La llamada está llena en este momento. Seguimos intentando.
call-alone = Está conectado. Los demás llegarán en un momento.
call-somebody = Participante
call-came = { $name } está aquí.
call-went = { $name } ha salido.
call-dropped = { $name } perdió la conexión.
call-person-dropped = reconectando
call-person-muted = en silencio
call-says = { $name }:
call-captions = Subtítulos
call-recorded = Esta consulta se está grabando
call-recorded-over = La grabación ha terminado
call-screen = Pantalla compartida
call-controls = Controles de la llamada
call-mute = Silenciar
call-unmute = Activar voz
call-camera-off = Apagar cámara
call-camera-on = Encender cámara
call-flip = Girar cámara
call-share = Compartir pantalla
call-share-stop = Dejar de compartir
call-help = ¿Me oyen?
call-help-how = Diga algo: ¿se mueve la barra? Entonces los demás pueden oírle. Si usted no los oye, suba el volumen o elija otro altavoz.
call-leave = Salir
call-resume = Toque para seguir
quality-good = Buena conexión
quality-weak = Conexión débil
quality-poor = Conexión muy débil
quality-advice = Su conexión es muy débil. Apagar la cámara ayuda al sonido.

## Camera and microphone

devices-title = Cámara y micrófono
devices-why = Véase y óigase primero. Nadie más puede antes de que entre.
devices-why-audio = Óigase primero. Nadie más puede antes de que entre.
devices-turn-on = Encender cámara y micrófono
devices-turn-on-audio = Encender el micrófono
devices-asking = Su navegador pregunta si puede. Pulse Permitir.
devices-again = Intentar de nuevo
devices-choose = Elegir otros dispositivos
devices-denied = Su navegador no deja que esta página use su cámara o micrófono.
devices-missing = No se encontró cámara o micrófono. ¿Está conectado?
devices-busy = Otra aplicación está usando su cámara o micrófono. Ciérrela, por favor.
devices-unsupported = Este navegador no ofrece cámara ni micrófono a las páginas.
devices-failed = La cámara o el micrófono no arrancó.
devices-allow-ios = En Safari pulse el botón a la izquierda de la dirección, después Configuración del sitio web, y permita Cámara y Micrófono.
devices-allow-android = Pulse el símbolo a la izquierda de la dirección, después Permisos, y permita Cámara y Micrófono.
devices-allow-safari = En el menú Safari elija Configuración de este sitio web y permita Cámara y Micrófono.
devices-allow-firefox = Pulse la cámara tachada a la izquierda de la dirección y quite el bloqueo.
devices-allow-desktop = Pulse el símbolo a la izquierda de la dirección y permita Cámara y Micrófono. Después cargue la página otra vez.
devices-without = Puede entrar de todos modos y seguir por teléfono.
camera = Cámara
camera-preview = Su propia imagen
camera-is-off = Su cámara está apagada.
camera-turn-off = Apagar cámara
camera-turn-on = Encender cámara
microphone = Micrófono
microphone-level = Qué tan fuerte habla
microphone-say-something = Diga algo: la barra se mueve con su voz.
speaker = Altavoz

## Device check

check-title = Probar cámara y micrófono
check-what = Un minuto ahora ahorra tiempo el día de su consulta.
check-browser-good = { $browser } puede hacer videollamadas.
check-browser-bad = { $browser } no puede hacer videollamadas. Use Safari en un iPhone o iPad, o Chrome en cualquier otro dispositivo.
check-network-asking = Revisando su conexión…
check-network-good = Su conexión es buena.
check-network-slow = Su conexión es lenta. Acérquese a su módem o cambie entre Wi-Fi y datos móviles.
check-network-none = No hay comunicación con el consultorio. Revise su conexión.
check-speaker = ¿Puede oír un sonido?
check-speaker-play = Tocar un sonido
check-ready = Todo listo para su consulta.
check-ready-how = Ese día, pulse el enlace del mensaje de su consultorio.

## Portal

portal-title = Sus consultas
portal-what = Inicie sesión para ver sus consultas y entrar en ellas.
portal-refused = Inicie sesión otra vez, por favor.
portal-link-too = Siempre puede entrar por el enlace del mensaje de su consultorio, sin iniciar sesión.
sign-in-at = Iniciar sesión en { $practice }
sign-out = Cerrar sesión
portal-upcoming = Próximas
portal-past = Anteriores
portal-none = No hay ninguna consulta planeada.
portal-video = Videoconsulta
portal-audio = Consulta por voz
portal-more = Mostrar más
portal-back = Todas las consultas
portal-instructions = Cómo prepararse
portal-notes = Notas de su consulta
portal-fault-offline = No hay comunicación con el consultorio en este momento. Intente de nuevo.
portal-fault-early = Esta consulta todavía no está abierta.
portal-fault-over = Ya no se puede entrar a esta consulta.
portal-fault-media = Todavía no se pudo preparar la llamada. Pulse Entrar otra vez.
status-REQUESTED = sin confirmar
status-SCHEDULED = planeada
status-ACTIVE = en curso
status-COMPLETED = realizada
status-TECHNICAL = terminó antes
status-CANCELLED = cancelada
status-NO_SHOW = no se realizó

## The desk

desk-title = Escritorio
desk-page-title = Escritorio
desk-page-title-waiting = ({ $count }) { $count ->
    [one] Alguien espera
   *[other] { $count } personas esperan
} – Escritorio
desk-loading = Cargando…
desk-sign-in = Iniciar sesión
desk-sign-in-at = Iniciar sesión en { $practice }
desk-sign-in-text = Inicie sesión para ver las citas de hoy y dejar entrar a sus pacientes.
desk-sign-in-failed = No se pudo iniciar la sesión. Inténtelo de nuevo.
desk-no-practice = Aquí todavía nadie puede iniciar sesión. Pregunte a quien administra este servicio.
desk-sign-out = Cerrar sesión
desk-ended = Su sesión ha terminado. Iníciela de nuevo: lo que ha escrito se queda aquí.
desk-renew = Iniciar sesión de nuevo
desk-renewed-title = Ha iniciado sesión
desk-renewed-text = Puede cerrar esta ventana y seguir en su escritorio.
desk-again = Intentar de nuevo
desk-zone = Horas según el reloj de este equipo: { $zone }
desk-silent = Todavía sin sonido: su navegador deja sonar esta página solo después de que usted pulse algo en ella.
desk-sound = Activar el sonido y probarlo
desk-today = Citas de hoy
desk-over = Otras de hoy
desk-empty = No quedan citas para hoy.
desk-choose = Elija una cita para ver quién espera.
desk-kind = { $type ->
    [initial] Primera cita
    [urgent] Cita urgente
   *[follow-up] Cita de seguimiento
} { $modality ->
    [audio] por teléfono
   *[video] por video
}, { $minutes } minutos
desk-status = { $status ->
    [REQUESTED] El paciente aún no la ha confirmado
    [ACTIVE] En curso
    [COMPLETED] Terminada
    [TECHNICAL] Terminada por un problema técnico
    [CANCELLED] Cancelada
    [NO_SHOW] El paciente no vino
   *[SCHEDULED] Prevista
}
desk-waits-since = { $count ->
    [one] Espera
   *[other] { $count } personas esperan
} desde las { $since } ({ $minutes ->
    [0] ahora mismo
    [one] 1 minuto
   *[other] { $minutes } minutos
})
desk-arrived = { $names } { $count ->
    [one] espera
   *[other] esperan
} para entrar.
desk-messages = Mensajes al paciente
desk-message-none = Aún no se ha enviado ningún mensaje
desk-message = { $channel ->
    [sms] Mensaje de texto:
   *[email] Correo:
} { $status ->
    [pending] se está enviando
    [sent] enviado
    [delivered] ha llegado
    [opted-out] no enviado, el paciente no quiere mensajes
   *[failed] no llegó
}
desk-resend = Enviar un enlace nuevo
desk-resent = Un enlace nuevo está en camino. El anterior ya no funciona.
desk-people = Quién está aquí
desk-nobody = Todavía no ha venido nadie.
desk-role = { $role ->
    [patient] paciente
    [clinician] profesional
    [interpreter] intérprete
   *[guest] invitado
}
desk-person = { $status ->
    [WAITING] Espera para entrar desde las { $since }
    [ADMITTED] Entró a las { $since }
    [JOINED] En la llamada desde las { $since }
    [LEFT] Salió a las { $since }; puede volver
    [REJECTED] No se le dejó entrar, { $since }
   *[REMOVED] Se le sacó a las { $since }
} ({ $minutes ->
    [0] ahora mismo
    [one] hace 1 minuto
   *[other] hace { $minutes } minutos
})
desk-proof = { $proof ->
    [link] enlace que se le envió
    [portal] sesión en el portal
    [meeting-code] código público
    [sms-otp] código enviado a su teléfono
    [email-link] enlace en su correo
   *[phone-last4] últimos dígitos de su teléfono
}
desk-verified = { $count ->
    [0] Sin verificar
   *[other] Verificado por: { $how }
}
desk-silent-person = Su dispositivo no responde desde hace { $minutes ->
    [0] unos segundos
    [one] un minuto
   *[other] { $minutes } minutos
}. Si le deja entrar ahora, se le avisa por mensaje de texto.
desk-blocked = { $count ->
    [one] Otra persona intentó
   *[other] { $count } veces otra persona intentó
} usar el enlace de esta persona y no pudo. Asegúrese de ver a la persona correcta.
desk-admit = Dejar entrar a { $name }
desk-reject = No dejar entrar
desk-reject-title = ¿No dejar entrar a { $name }?
desk-reject-text = Se le dice que ahora no puede entrar, y no puede volver a intentarlo con este enlace.
desk-remove = Sacar de la llamada
desk-remove-title = ¿Sacar a { $name } de la llamada?
desk-remove-text = Su llamada termina enseguida y no puede volver a esta cita.
desk-admitted = { $name } puede entrar.
desk-call = La llamada
desk-call-start = Empezar la llamada
desk-call-return = Volver a la llamada
desk-call-not-open = La llamada se abre a las { $time }.
desk-call-over = El tiempo de esta llamada ha pasado.
desk-call-left = Ha salido de la llamada. La cita sigue hasta que usted la termine.
desk-call-connect = Las llamadas de este consultorio llegan al panel de Amazon Connect. Acepte allí el contacto de esta cita.
desk-call-rings = Cuando se deja entrar al paciente, la llamada suena aquí, arriba en esta página.
desk-panel = Llamadas por Amazon Connect
desk-panel-frame = Panel de Amazon Connect
desk-panel-show = El panel de Amazon Connect: silenciar, dispositivos
desk-panel-loading = Conectando con Amazon Connect…
desk-panel-idle = No suena ninguna llamada.
desk-panel-state = Su estado en Amazon Connect
desk-panel-silent = Amazon Connect no responde. Lo más frecuente es que nadie haya iniciado sesión allí en este navegador.
desk-panel-silent-how = Inicie sesión en la ventana que se abre y vuelva aquí. Si eso no ayuda, permita las cookies de { $origin } en este navegador, o pida a quien administra su Amazon Connect que apruebe la dirección de esta página.
desk-panel-signed-out = Su sesión en Amazon Connect ha terminado. Iníciela de nuevo y vuelva aquí.
desk-panel-denied = Su usuario de Amazon Connect no puede recibir llamadas aquí. Pregunte a quien administra su Amazon Connect.
desk-panel-blocked = Esta página no tiene permiso para mostrar el panel de { $origin }. Avise a quien administra este servicio.
desk-panel-failed = No se pudo cargar la conexión con Amazon Connect. Vuelva a cargar esta página.
desk-panel-rest = Mientras tanto no suena aquí ninguna llamada. Todo lo demás de este escritorio funciona.
desk-panel-sign-in = Iniciar sesión en Amazon Connect
desk-contact = Llamada con { $name }
desk-contact-ringing = { $name } está llamando.
desk-contact-taken = Está en la llamada con { $name }.
desk-contact-over = La llamada con { $name } ha terminado.
desk-contact-missed = La llamada con { $name } no se contestó.
desk-contact-unknown = Una llamada que no es de ninguna cita de hoy de este escritorio.
desk-contact-accept = Contestar
desk-contact-open = Mostrar la llamada aquí
desk-contact-hang-up = Colgar
desk-contact-finish = Finalizar
desk-contact-after = Después de la llamada: { $time }. No suena otra llamada hasta que usted finalice.
desk-contact-visit-on = La cita sigue hasta que usted la termine: { $name } puede volver a llamar.
desk-contact-connecting = Conectando la llamada…
desk-contact-sound = Usted habla y oye por Amazon Connect. Silencie su micrófono en su panel.
desk-contact-sound-only = Usted habla y oye por Amazon Connect; esta llamada no tiene imagen. Silencie su micrófono en su panel.
desk-contact-no-pictures = No se puede mostrar la imagen de esta llamada. Siguen oyéndose.
desk-error-panel = Amazon Connect no lo hizo. Inténtelo de nuevo, o hágalo en su panel más abajo.
desk-call-above = La llamada está arriba en esta página.
desk-call-elsewhere = Está en esta llamada en otra ventana o en otro dispositivo.
desk-notes = Notas
desk-notes-label = Notas de esta cita
desk-notes-hint = Se guardan en esta pestaña hasta que termine la cita.
desk-end = Terminar la cita
desk-end-title = ¿Terminar esta cita?
desk-end-why = ¿Cómo terminó?
desk-end-reason = { $reason ->
    [completed] La cita se completó
    [technical-issue] La terminó un problema técnico
    [no-show] El paciente no vino
   *[cancelled] Se cancela
}
desk-release = El paciente puede leer estas notas
desk-no-notes = No ha escrito notas.
desk-ended-visit = La cita ha terminado.
desk-outcome = Cómo terminó
desk-reason = Motivo de la cita
desk-instructions = Lo que se le dijo al paciente
desk-for-patient = Para el paciente son las { $time }.
desk-quick = Acciones rápidas
desk-new-window = (abre una ventana nueva)
desk-close = Cerrar
desk-cancel = Cancelar
desk-error-signed-out = Su sesión ha terminado. Iníciela de nuevo e inténtelo otra vez. Lo que ha escrito se queda aquí.
desk-error-unreachable = No se puede conectar con el servicio. Revise su conexión; esta página sigue intentándolo.
desk-error-other = Algo salió mal. Inténtelo de nuevo. Si sigue así, dé este número a quien administra el servicio: { $reference }
desk-error-forbidden = Su sesión no permite esto. El escritorio es para profesionales.
desk-error-not-found = Esta cita no existe o no es suya.
desk-error-participant-state = Eso ha cambiado entretanto. Mire de nuevo.
desk-error-visit-state = Esta cita está ahora en otro estado y no lo permite.
desk-error-visit-ended = Esta cita ya ha terminado.
desk-error-visit-cancelled = Esta cita está cancelada.
desk-error-visit-not-open = Esta cita aún no está abierta.
desk-error-no-contact-for-channel = No se conoce un número o una dirección del paciente para eso.
desk-error-notification-failed = El mensaje no se pudo enviar ahora. Se vuelve a intentar solo.
desk-error-rate-limited = Se pidió demasiadas veces. Inténtelo de nuevo en { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}.
desk-error-media-unavailable = En este momento no se puede hacer la llamada. Inténtelo de nuevo.
desk-error-validation-failed = Algo de lo escrito no está bien. Revíselo, por favor.

## The page at the root, and the form for other sites. The form’s messages hold words and variables only.

lander-title = Pida una cita por video
lander-lead = Elija una hora. Le enviamos un código por mensaje de texto y su cita queda reservada.
lander-none-title = Citas por video
lander-none = ¿Tiene un enlace de su consultorio? Ábralo desde el mensaje de texto o el correo.
lander-check = Pruebe su cámara y su micrófono
lander-portal = Pacientes: iniciar sesión
lander-desk = Profesionales: iniciar sesión

widget-who = Sobre usted
widget-givenName = Nombre
widget-familyName = Apellidos
widget-phone = Teléfono móvil
widget-phone-hint = Le enviamos ahora un código por mensaje de texto, y el enlace de su cita.
widget-email = Correo electrónico
widget-state = Estado
widget-state-hint = Donde estará durante la cita
widget-clinicianId = Profesional
widget-when = Cuándo
widget-when-with = ¿Cuándo quiere ver a { $clinician }?
widget-timezone = Su zona horaria
widget-day = Día
widget-at = Hora
widget-choose = Elija, por favor
widget-optional = (puede dejarlo vacío)
widget-reason = Motivo de su cita
widget-consents = Su consentimiento
widget-consent-sms = { $practice } puede enviarme mensajes de texto sobre esta cita. Pueden aplicarse cargos por mensajes y datos. Puedo responder STOP en cualquier momento, y HELP para recibir ayuda.
widget-consent-telehealth = Acepto que me atiendan por video. Sé que { $practice } puede pedirme que vaya en persona y que puedo terminar la cita por video en cualquier momento.
widget-privacy = Privacidad y condiciones
widget-the-practice = el consultorio
widget-send = Pedir esta cita
widget-sending = Un momento…
widget-emergency = En una emergencia, llame al 911. No use este formulario.
widget-call = O llame al { $phone }.
widget-questions = ¿Preguntas? Llame al { $phone }.
widget-check = Revise los campos marcados, por favor.
widget-wrong-givenName = Escriba su nombre, por favor.
widget-wrong-familyName = Escriba sus apellidos, por favor.
widget-wrong-phone = Escriba un teléfono móvil con código de área, como 212 555 0143.
widget-wrong-email = Escriba un correo como ana@example.com, o déjelo vacío.
widget-wrong-state = Elija el estado donde estará, por favor.
widget-wrong-timezone = Elija su zona horaria, por favor.
widget-wrong-clinicianId = Elija un profesional, por favor.
widget-wrong-at = Elija una hora, por favor.
widget-wrong-reason = Use menos palabras, por favor.
widget-wrong-sms = Sin esto no podemos enviarle el código ni el enlace.
widget-wrong-telehealth = Sin esto no hay cita por video.
widget-taken = Esta hora acaba de ocuparse. Elija otra, por favor.
widget-not-licensed = Este profesional no puede atender a pacientes en este estado. Elija otro profesional o llámenos.
widget-no-text-there = No podemos enviar mensajes a este número. Escriba otro teléfono móvil, por favor.
widget-no-times = En este momento no hay horas libres.
widget-offline = En este momento no hay conexión. Revise su conexión e inténtelo de nuevo.
widget-too-often = Se pidió demasiadas veces. Inténtelo de nuevo en { $minutes } min.
widget-busy = Algo va lento de nuestro lado. Inténtelo de nuevo, por favor.
widget-not-set-up = Este formulario no puede recibir solicitudes en este momento.
widget-code-title = Escriba el código de su mensaje
widget-code-sent = Hemos enviado seis dígitos al { $to }. Mientras tanto le guardamos la hora.
widget-code-not-sent = El mensaje al { $to } se retrasa. Todavía puede llegar; espere un minuto, por favor.
widget-code = Seis dígitos
widget-code-hint = El código dura 10 minutos. Nunca se lo pedimos por teléfono.
widget-wrong-code = Escriba los seis dígitos del mensaje, por favor.
widget-code-failed = Ese no es el código. Intentos que quedan: { $left }
widget-code-expired = Este código ya no funciona. Vuelva atrás y pida una hora de nuevo.
widget-confirm = Confirmar
widget-back = Volver
widget-booked = Su cita está reservada
widget-with = Con { $clinician }
widget-booked-next = Le hemos enviado el enlace por mensaje de texto. Se abre poco antes de su cita.
widget-stay-home = La cita es por video. No tiene que desplazarse.
