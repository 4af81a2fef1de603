### What people are sent by text and by e-mail. The other languages have the same messages, by the same names.
###
### Nothing here may ask for more than these, and nothing of the patient is among them:
###
###   $recipient  patient, clinician, guest, interpreter      $modality   video, audio
###   $clinician  a first name                                 $named      yes, no: whether there is a first name
###   $practice   the practice                                 $phone      its telephone
###   $link, $code, $minutes, $button                          $sentence, $text   what is put into a frame
###   $weekday $month $day $year $hour $minute $half $zone     the moment, on the recipient's clocks
###   $place, $placed                                          the place of the zone, and whether it has one
###   $when       a moment as sms-when tells it, and how the visit is held
###   $come       how the visit is held, told or not: yes, no

## The moment

weekday = { $weekday ->
    [mon] Monday
    [tue] Tuesday
    [wed] Wednesday
    [thu] Thursday
    [fri] Friday
    [sat] Saturday
   *[sun] Sunday
}
weekday-short = { $weekday ->
    [mon] Mon
    [tue] Tue
    [wed] Wed
    [thu] Thu
    [fri] Fri
    [sat] Sat
   *[sun] Sun
}
month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
clock = { $hour }:{ $minute } { $half ->
    [am] AM
   *[pm] PM
}

moment-short = { weekday-short }, { month-short } { $day } at { clock } { $zone }
moment = { weekday }, { month } { $day }, { $year } at { clock } { $zone }{ $placed ->
    [yes] {" "}({ $place } time)
   *[no] {""}
}
minutes = { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}

## The words that all share

visit-with = { $named ->
    [yes] visit with { $clinician }
   *[no] visit
}
# With how the visit is held, for the middle of a sentence.
visit-kind = { $modality ->
    [audio] phone visit
   *[video] video visit
}
how = { $modality ->
    [audio] by phone
   *[video] by video
}
how-and-stay = { $modality ->
    [audio] by phone, do not travel
   *[video] by video, do not travel
}
# Where the practice's name is not known.
no-practice = your practice

## Texts: at most 160 septets of GSM-7 with link and names, so every word counts. No letters outside of GSM-7.

sms-from = { $practice }: { $sentence }
sms-link = { $text }: { $link }
sms-stop = { $text } Reply STOP to opt out
sms-time = { clock } { $zone }
sms-when = { weekday-short } { month-short } { $day } { sms-time }
sms-initial = { $recipient ->
    [clinician] you have a visit { $when }
    [guest] you are invited to a { visit-with } { $when }
    [interpreter] please interpret at a { visit-with } { $when }
   *[patient] { visit-with } { $when }
}
sms-reminder = { $recipient ->
    [clinician] reminder, you have a visit { $when }
    [interpreter] reminder, please interpret at a { visit-with } { $when }
   *[patient] reminder, { visit-with } { $when }
}
sms-urgent = { $recipient ->
    [clinician] urgent, please join visit { $when }
   *[patient] urgent, please join { visit-with } { $when }
}
sms-come-in = { $come ->
    [yes] Come in now, { $how }
   *[no] Come in now
}
sms-ready = { $recipient ->
    [clinician] your patient is here for the { sms-time } visit. { sms-come-in }
    [patient] { $named ->
        [yes] { $clinician } is ready for your { sms-time } visit. { sms-come-in }
       *[no] we are ready for your { sms-time } visit. { sms-come-in }
    }
   *[guest] { $named ->
        [yes] { $clinician } is ready for the { sms-time } visit. { sms-come-in }
       *[no] we are ready for the { sms-time } visit. { sms-come-in }
    }
}
sms-moved = { $recipient ->
    [clinician] new time for a visit, { $when }
    [patient] new time for your { visit-with }, { $when }
   *[guest] new time for the { visit-with }, { $when }
}
sms-cancelled = { $recipient ->
    [clinician] cancelled: visit { $when }. Questions? Call { $phone }
    [patient] your { visit-with } { $when } is cancelled. Questions? Call { $phone }
   *[guest] the { visit-with } { $when } is cancelled. Questions? Call { $phone }
}
sms-help = video visits by a link, no app. Questions? Call { $phone }. Reply STOP to opt out
sms-stopped = you get no more texts from us. Reply START to get them again. Questions? Call { $phone }
sms-started = you get our texts again. Reply STOP to opt out. Questions? Call { $phone }
sms-email-link = confirm within { minutes } that it is you
sms-one-time-code = { $code } is your code for { $practice }. It lasts { minutes }. We never ask you for it by phone.

# What is left for a link that leaves no room for more.
sms-bare-visit = visit { sms-when }
sms-bare-ready = come in now, { sms-time }
sms-bare-moved = new time { sms-when }
sms-bare-cancelled = visit { sms-when } is cancelled. Call { $phone }
sms-bare-email-link = confirm that it is you
sms-bare-one-time-code = { $code } is your code. It lasts { minutes }. We never ask you for it by phone.

## E-mails: subjects hold no names

subject-initial = { $recipient ->
    [guest] You are invited to a { visit-kind } on { moment-short }
    [interpreter] Please interpret at a { visit-kind } on { moment-short }
   *[patient] Your { visit-kind } on { moment-short }
}
subject-reminder = { $recipient ->
    [guest] Reminder: { visit-kind } on { moment-short }
    [interpreter] Reminder: please interpret at a { visit-kind } on { moment-short }
   *[patient] Reminder: your { visit-kind } on { moment-short }
}
subject-urgent = Urgent: please join the { visit-kind } of { moment-short }
subject-ready = { $recipient ->
    [patient] Your clinician is ready: come in to your { visit-kind } now
    [clinician] Your patient is waiting: { visit-kind } of { moment-short }
   *[guest] Come in to the { visit-kind } now
}
subject-moved = { $recipient ->
    [guest] New time: { visit-kind } on { moment-short }
    [interpreter] New time: please interpret at a { visit-kind } on { moment-short }
   *[patient] New time: your { visit-kind } is on { moment-short }
}
subject-cancelled = { $recipient ->
    [patient] Cancelled: your { visit-kind } on { moment-short }
    [clinician] Cancelled: your { visit-kind } on { moment-short }
   *[guest] Cancelled: { visit-kind } on { moment-short }
}
subject-one-time-code = Your code
subject-email-link = Confirm that it is you

heading-initial = { $recipient ->
    [guest] You are invited to a { visit-kind }
    [interpreter] Please interpret at a { visit-kind }
   *[patient] Your { visit-kind }
}
heading-reminder = { heading-initial }
heading-urgent = Please join now
heading-ready = { $recipient ->
    [patient] Your clinician is ready. Come in now.
    [clinician] Your patient is waiting. Come in now.
   *[guest] Come in now.
}
heading-moved = { $recipient ->
    [patient] Your { visit-kind } has a new time
    [clinician] Your { visit-kind } has a new time
   *[guest] The { visit-kind } has a new time
}
heading-cancelled = { $recipient ->
    [patient] Your { visit-kind } is cancelled
    [clinician] Your { visit-kind } is cancelled
   *[guest] The { visit-kind } is cancelled
}
heading-one-time-code = Your code
heading-email-link = Confirm that it is you

## E-mails: what they say

body-visit = { $recipient ->
    [clinician] You have a visit { how } for { $practice }.
    [guest] { $practice } invites you to a { visit-with }. It is { how }, do not travel to the practice.
    [interpreter] { $practice } asks you to interpret at a { visit-with }. It is { how }, do not travel to the practice.
   *[patient] Your { visit-with } at { $practice } is { how }, do not travel to the practice.
}
body-open = { $recipient ->
    [clinician] The link names the visit. You will be asked to show who you are.
   *[patient] { $modality ->
        [audio] Open the link on a phone, tablet or computer with a microphone. No camera is needed.
       *[video] Open the link on a phone, tablet or computer with a camera and a microphone.
    }
}
body-urgent = Please join as soon as you can.
body-moved = The time has changed. The earlier time no longer holds.
body-cancelled = { $recipient ->
    [clinician] The visit below for { $practice } will not take place.
    [patient] Your { visit-with } at { $practice } will not take place. You need not do anything. If you would like another time, please call.
   *[guest] The { visit-with } at { $practice } will not take place. You need not do anything.
}
body-one-time-code = Type this code on the page of { $practice } that asks for it.
body-email-link = { $practice } was asked to let you in. Open the link on the device that you join with.

label-when = When
label-was = Was planned for
label-how-long = How long
label-how = How
label-with = With
label-practice = Practice
label-code = Code
value-how = { $modality ->
    [audio] By phone
   *[video] By video
}

button-join = Join the visit
button-join-now = Join the visit now
button-confirm = Yes, it is me
button-copy = If the button does not work, copy this address into your browser:

note-link = This link is for you alone. Please do not pass it on.
note-code = The code lasts { minutes }. We never ask you for it by phone.
note-email-link = The link lasts { minutes } and works once.
note-not-expected = If you did not ask for this, you need not do anything.
note-questions = Questions? Call { $practice }:

## The entry in a calendar. Calendars are shared: it says no more than an e-mail's subject, and has no link.

calendar-summary = { $modality ->
    [audio] Phone visit with { $practice }
   *[video] Video visit with { $practice }
}
calendar-location = { $modality ->
    [audio] By phone: open the link in the message from { $practice }
   *[video] By video: open the link in the message from { $practice }
}
calendar-description = { $recipient ->
    [clinician] Open the link in the message from { $practice }. Questions? Call { $phone }.
   *[patient] Do not travel to the practice. Open the link in the message from { $practice }. Questions? Call { $phone }.
}
calendar-cancelled = This visit will not take place. Questions? Call { $phone }.

## Places of the zones of the United States, as people name them. Others are named as the zone is.

place-America-New_York = New York
place-America-Detroit = Detroit
place-America-Chicago = Chicago
place-America-Denver = Denver
place-America-Phoenix = Phoenix
place-America-Los_Angeles = Los Angeles
place-America-Anchorage = Anchorage
place-Pacific-Honolulu = Honolulu
place-America-Puerto_Rico = Puerto Rico
