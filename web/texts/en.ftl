### What the pages say. The other languages have the same messages, by the same names.
### Each page's messages stand in a section of their own; plain words, no name of the patient.

## Every page

product = Video visit
language = Language
call-practice = Call { $phone }
foot-no-phone = Questions? Call your practice.
foot-emergency = In an emergency, call 911.
try-again = Try again
close = Close
offline = No connection at the moment. This page keeps trying by itself.
check-devices = Check my camera and microphone
to-portal = Go to my visits
trouble-offline = We cannot reach the practice. Please check your connection.
trouble-busy = The service is busy. Please try again in a moment.
trouble-limited = There were too many tries. Please wait ten minutes, or call your practice.
trouble-media = The call could not be set up yet. Please try again: your link still works.
trouble-failed = Something went wrong. Please try again, or call your practice.

## Join: states

state-loading = One moment…
state-in-app = Please open this page in your browser
state-unsupported = This browser cannot make video calls
state-unreachable = The page could not be opened
state-incomplete = Please open your link again
state-invalid = This link does not work
state-dead = This link is no longer valid
state-used = This link is open on another device
state-other-tab = Your visit is open in another tab
state-cancelled = This visit was cancelled
state-ended = This visit has ended
state-early = You are a little early
state-preview = Ready for your visit?
state-proving = Please show that it is you
state-turned-away = You were not let in

## Join: what to do

nothing-spent = Your link still works: nothing has been used up.
in-app-title = Please open this page in { $target }
in-app-named = You opened the link inside { $app }. Camera and microphone often do not work there.
in-app-unnamed = You opened the link inside another app. Camera and microphone often do not work there.
in-app-open = Open in { $target }
in-app-copy = Copy the link
in-app-copied = Copied
in-app-here = Try here anyway
in-app-menu = If nothing happens: copy the link, open { $target }, and paste it into the line at the top.
unsupported-what = Please open the link in Safari on an iPhone or iPad, or in Chrome on any other phone or computer.
incomplete-what = Please press the link in your text message or e-mail once more. The whole link is needed.
invalid-what = Please press the link in the newest message from your practice. If you typed it, check each letter.
invalid-call = If that does not help, call your practice.
dead-what = It has expired, or a newer one was sent. We can send a new link to the phone and e-mail that your practice has on record.
renew = Send me a new link
renew-done = A new link is on its way.
renew-done-where = Look at your text messages and e-mails. It takes a minute or two.
other-tab-what = You can close this one, or go on here.
phone-instead = If video does not work, call: the visit can go on by phone.
used-what = We can send you a new link, to the phone and e-mail that your practice has on record.
used-move = To go on here, we text a code to your phone. The other device then leaves the visit.
used-send-code = Text me a code
used-not-you = Was it not you? Please call your practice.
cancelled-what = If you did not expect this, please call your practice.
ended-what = Do you have a question about it? Your practice can help.
turned-away-what = The practice did not let you in, or ended your part of the visit. Please call if that surprises you.

## Join: before the visit

visit-facts = Your visit
visit-with = With { $name }
visit-of = Visit with { $name }
visit-when = { $when }
visit-open-from = Open from { $when }
visit-own-zone = On this device's clock: { $when }
visit-video = By video. Please do not travel to the office.
visit-audio = By voice, without video. Please do not travel to the office.
early-opens = This page lets you in
early-stay = You can leave it open: it goes on by itself.
early-calendar = Add to my calendar
calendar-title = Video visit, { $practice }
calendar-how = Open the link in the message from your practice. Questions: { $phone }
preview-clinician = Ready to begin?
preview-factors = Next we ask you to show that it is you.
preview-waiting-room = You will wait for a moment, until you are let in.
preview-consent = By pressing Join you agree to be seen by video or voice instead of in the office. You can leave at any time.
name = Your name
name-why = So that the practice knows who is at the door.
name-missing = Please type your name.
join = Join
joining = Joining…

## Join: to show who one is

proving-sms-otp = We text you a code
proving-sms-otp-why = It goes to the phone number that your practice has on record.
proving-sms-otp-send = Send the code
proving-sms-otp-label = The six digits from the text
proving-email-link = We send you an e-mail
proving-email-link-why = It goes to the address that your practice has on record. Press the link in it, then Confirm.
proving-email-link-send = Send the e-mail
proving-phone-last4 = The end of your phone number
proving-phone-last4-why = Please type the last four digits of the number that your practice has on record.
proving-phone-last4-send = Go on
proving-phone-last4-label = The last four digits of your phone number
proving-sent = Sent to { $to }
proving-digits = Please type { $length } digits.
proving-wrong = { $left ->
    [0] That is not right.
    [one] That is not right. One try is left.
   *[other] That is not right. { $left } tries are left.
}
proving-go = Go on
proving-resend = I got no text: send it again
proving-email-sent = Sent to { $to }. Open it and press Confirm.
proving-email-stay = Leave this page open: it goes on by itself.
proving-email-done = I have confirmed
proving-no-contact = Your practice has no phone number or address for that. Please call.
proving-closed = This code no longer works. Ask for a new one, or call your practice.
confirm-title = Confirm that it is you
confirm-what = You are about to join a video visit on another page. Press only if that is you.
confirm-press = Confirm
confirm-done = Thank you
confirm-done-what = Please go back to the page where you were. It goes on by itself.
confirm-dead = This link no longer works. Go back to the page where you were, and ask for a new e-mail.

## In the visit

stand-resuming = Bringing you back…
stand-waiting = You are in the waiting room
stand-joining = Connecting you…
stand-call = In the call
stand-left = You have left
let-in = You are being let in.
waiting-knows = { $name } knows that you are here and will let you in.
waiting-knows-nameless = The practice knows that you are here and will let you in.
waiting-position = { $position ->
    [1] You are next.
   *[other] You are number { $position } in line.
}
waiting-forecast = { $minutes ->
    [one] The wait is about one minute.
   *[other] The wait is about { $minutes } minutes.
}
waiting-stay = Keep this page open. You will hear a sound when you are let in.
waiting-leave = Leave the waiting room
do-not-close = Do not close this page: this browser cannot remember you.
left-what = You can come back until the visit ends.
left-back = Come back
over-ended = The visit has ended
over-ended-what = Thank you. If you have a question, your practice can help. You can close this page.
over-cancelled = This visit was cancelled
over-cancelled-what = If you did not expect this, please call your practice.
over-rejected = You were not let in
over-rejected-what = Please call your practice if that surprises you.
over-removed = You are no longer in the visit
over-removed-what = The practice ended your part of the visit. Please call if that surprises you.
over-elsewhere = You are in the visit on another device
over-elsewhere-what = Or your time here has run out. You can go on here all the same.
over-again = Go on here

## The call

call-connecting = Connecting…
call-connected = Connected
call-reconnecting = Reconnecting…
call-failed = Not connected
call-stopped = Reconnecting…
call-reconnecting-long = The connection is gone. We are bringing you back; please stay.
call-failed-long = The connection did not come back. Check your network, or call the practice.
call-full = The call is full at the moment. We keep trying.
call-alone = You are connected. The others will be here in a moment.
call-somebody = Participant
call-came = { $name } is here.
call-went = { $name } has left.
call-dropped = { $name } has lost the connection.
call-person-dropped = reconnecting
call-person-muted = muted
call-says = { $name }:
call-captions = Captions
call-recorded = This visit is being recorded
call-recorded-over = The recording has stopped
call-screen = Shared screen
call-controls = Call controls
call-mute = Mute
call-unmute = Unmute
call-camera-off = Camera off
call-camera-on = Camera on
call-flip = Flip camera
call-share = Share screen
call-share-stop = Stop sharing
call-help = Hear me?
call-help-how = Say something: does the bar move? Then the others can hear you. If you cannot hear them, turn the volume up or choose another speaker.
call-leave = Leave
call-resume = Tap to resume
quality-good = Good connection
quality-weak = Weak connection
quality-poor = Very weak connection
quality-advice = Your connection is very weak. Turning your camera off helps the sound.

## Camera and microphone

devices-title = Camera and microphone
devices-why = See and hear yourself first. Nobody else can, before you join.
devices-why-audio = Hear yourself first. Nobody else can, before you join.
devices-turn-on = Turn on camera and microphone
devices-turn-on-audio = Turn on the microphone
devices-asking = Your browser asks whether it may. Please press Allow.
devices-again = Try again
devices-choose = Choose other devices
devices-denied = Your browser does not let this page use your camera or microphone.
devices-missing = No camera or microphone was found. Is it plugged in?
devices-busy = Another app is using your camera or microphone. Please close it.
devices-unsupported = This browser has no camera or microphone for pages.
devices-failed = Camera or microphone did not start.
devices-allow-ios = In Safari press the button at the left of the address, then Website Settings, and allow Camera and Microphone.
devices-allow-android = Press the sign at the left of the address, then Permissions, and allow Camera and Microphone.
devices-allow-safari = In the menu Safari choose Settings for This Website, and allow Camera and Microphone.
devices-allow-firefox = Press the crossed-out camera at the left of the address, and remove the block.
devices-allow-desktop = Press the sign at the left of the address, and allow Camera and Microphone. Then load the page again.
devices-without = You can join all the same, and go on by telephone.
camera = Camera
camera-preview = Your own picture
camera-is-off = Your camera is off.
camera-turn-off = Turn camera off
camera-turn-on = Turn camera on
microphone = Microphone
microphone-level = How loud you are
microphone-say-something = Say something: the bar moves with your voice.
speaker = Speaker

## Device check

check-title = Check camera and microphone
check-what = A minute now saves time on the day of your visit.
check-browser-good = { $browser } can make video calls.
check-browser-bad = { $browser } cannot make video calls. Please use Safari on an iPhone or iPad, or Chrome on any other device.
check-network-asking = Checking your connection…
check-network-good = Your connection is good.
check-network-slow = Your connection is slow. Go closer to your router, or switch between Wi-Fi and mobile data.
check-network-none = The practice cannot be reached. Please check your connection.
check-speaker = Can you hear a sound?
check-speaker-play = Play a sound
check-ready = You are ready for your visit.
check-ready-how = On the day, press the link in the message from your practice.

## Portal

portal-title = Your visits
portal-what = Sign in to see your visits and to join them.
portal-refused = Please sign in again.
portal-link-too = You can always join by the link in the message from your practice, without signing in.
sign-in-at = Sign in at { $practice }
sign-out = Sign out
portal-upcoming = Upcoming
portal-past = Past
portal-none = No visit is planned.
portal-video = Video visit
portal-audio = Voice visit
portal-more = Show more
portal-back = All visits
portal-instructions = How to prepare
portal-notes = Notes from your visit
portal-fault-offline = The practice cannot be reached at the moment. Please try again.
portal-fault-early = This visit is not open yet.
portal-fault-over = This visit can no longer be joined.
portal-fault-media = The call could not be set up yet. Please press Join again.
status-REQUESTED = not confirmed yet
status-SCHEDULED = planned
status-ACTIVE = under way
status-COMPLETED = took place
status-TECHNICAL = ended early
status-CANCELLED = cancelled
status-NO_SHOW = did not take place

## The desk

desk-title = Desk
desk-page-title = Desk
desk-page-title-waiting = ({ $count }) { $count ->
    [one] Somebody waits
   *[other] { $count } people wait
} – Desk
desk-loading = Loading…
desk-sign-in = Sign in
desk-sign-in-at = Sign in at { $practice }
desk-sign-in-text = Sign in to see today’s visits and let your patients in.
desk-sign-in-failed = The sign-in did not work. Please try again.
desk-no-practice = Nobody can sign in here yet. Please ask whoever runs this service.
desk-sign-out = Sign out
desk-ended = Your sign-in has ended. Sign in again: what you have typed stays here.
desk-renew = Sign in again
desk-renewed-title = You are signed in
desk-renewed-text = You can close this window and go on at your desk.
desk-again = Try again
desk-zone = Times on this computer’s clock: { $zone }
desk-silent = No sound yet: your browser lets this page ring only after you have pressed something on it.
desk-sound = Turn on the sound and ring once
desk-today = Today’s visits
desk-over = Others today
desk-empty = No visits are left for today.
desk-choose = Choose a visit to see who waits.
desk-kind = { $type ->
    [initial] First visit
    [urgent] Urgent visit
   *[follow-up] Follow-up
} { $modality ->
    [audio] by phone
   *[video] by video
}, { $minutes } minutes
desk-status = { $status ->
    [REQUESTED] Not confirmed by the patient yet
    [ACTIVE] In progress
    [COMPLETED] Completed
    [TECHNICAL] Ended by a technical problem
    [CANCELLED] Cancelled
    [NO_SHOW] The patient did not come
   *[SCHEDULED] Planned
}
desk-waits-since = { $count ->
    [one] Waits
   *[other] { $count } people wait
} since { $since } ({ $minutes ->
    [0] just now
    [one] 1 minute
   *[other] { $minutes } minutes
})
desk-arrived = { $names } { $count ->
    [one] waits
   *[other] wait
} to be let in.
desk-messages = Messages to the patient
desk-message-none = No message was sent yet
desk-message = { $channel ->
    [sms] Text
   *[email] E-mail
} { $status ->
    [pending] is being sent
    [sent] sent
    [delivered] has arrived
    [opted-out] not sent: the patient wants no texts
   *[failed] did not arrive
}
desk-resend = Send a new link
desk-resent = A new link is on its way. The old one no longer works.
desk-people = Who is here
desk-nobody = Nobody has come yet.
desk-role = { $role ->
    [patient] patient
    [clinician] clinician
    [interpreter] interpreter
   *[guest] guest
}
desk-person = { $status ->
    [WAITING] Waits to be let in since { $since }
    [ADMITTED] Let in at { $since }
    [JOINED] In the call since { $since }
    [LEFT] Left at { $since }; can come back
    [REJECTED] Turned away at { $since }
   *[REMOVED] Taken out at { $since }
} ({ $minutes ->
    [0] just now
    [one] 1 minute ago
   *[other] { $minutes } minutes ago
})
desk-proof = { $proof ->
    [link] link sent to them
    [portal] sign-in at the portal
    [meeting-code] public code
    [sms-otp] code sent to their phone
    [email-link] link in their e-mail
   *[phone-last4] last digits of their phone number
}
desk-verified = { $count ->
    [0] Not verified
   *[other] Verified by: { $how }
}
desk-silent-person = Nothing was heard from their device for { $minutes ->
    [0] some seconds
    [one] a minute
   *[other] { $minutes } minutes
}. If you let them in now, a text calls them back.
desk-blocked = { $count ->
    [one] Somebody else tried
   *[other] { $count } times somebody else tried
} to use this person’s link and was refused. Please make sure that you see the right person.
desk-admit = Let { $name } in
desk-reject = Turn away
desk-reject-title = Turn { $name } away?
desk-reject-text = They are told that they cannot come in now, and cannot try again with this link.
desk-remove = Take out of the call
desk-remove-title = Take { $name } out of the call?
desk-remove-text = Their call ends at once, and they cannot come back to this visit.
desk-admitted = { $name } is let in.
desk-call = The call
desk-call-start = Start the call
desk-call-return = Return to the call
desk-call-not-open = The call opens at { $time }.
desk-call-over = The time for this call is over.
desk-call-left = You have left the call. The visit goes on until you end it.
desk-call-connect = This practice’s calls come in the Amazon Connect panel. Accept the contact of this visit there.
desk-call-rings = When the patient is let in, the call rings here, at the top of this page.
desk-panel = Calls by Amazon Connect
desk-panel-frame = Amazon Connect panel
desk-panel-show = The panel of Amazon Connect: mute, devices
desk-panel-loading = Connecting to Amazon Connect…
desk-panel-idle = No call is ringing.
desk-panel-state = Your state in Amazon Connect
desk-panel-silent = Amazon Connect does not answer. Most often nobody is signed in to it in this browser.
desk-panel-silent-how = Sign in in the window that opens, then come back here. If that does not help, allow cookies for { $origin } in this browser, or ask whoever runs your Amazon Connect to approve the address of this page.
desk-panel-signed-out = Your sign-in to Amazon Connect has run out. Sign in again, then come back here.
desk-panel-denied = Your Amazon Connect user may not take calls here. Ask whoever runs your Amazon Connect.
desk-panel-blocked = This page is not allowed to show the panel of { $origin }. Please tell whoever runs this service.
desk-panel-failed = The connection to Amazon Connect could not be loaded. Load this page again.
desk-panel-rest = Until then no call rings here. Everything else on this desk works.
desk-panel-sign-in = Sign in to Amazon Connect
desk-contact = Call with { $name }
desk-contact-ringing = { $name } is ringing.
desk-contact-taken = You are in the call with { $name }.
desk-contact-over = The call with { $name } is over.
desk-contact-missed = The call with { $name } was not taken.
desk-contact-unknown = A call that belongs to none of today’s visits on this desk.
desk-contact-accept = Take the call
desk-contact-open = Show the call here
desk-contact-hang-up = Hang up
desk-contact-finish = Finish
desk-contact-after = After the call: { $time }. No other call rings until you finish.
desk-contact-visit-on = The visit goes on until you end it: { $name } may ring again.
desk-contact-connecting = Connecting the call…
desk-contact-sound = You speak and hear by Amazon Connect. Mute yourself in its panel.
desk-contact-sound-only = You speak and hear by Amazon Connect; this call has no pictures. Mute yourself in its panel.
desk-contact-no-pictures = The pictures of this call cannot be shown. You still hear each other.
desk-error-panel = Amazon Connect did not do that. Please try again, or do it in its panel below.
desk-call-above = The call is at the top of this page.
desk-call-elsewhere = You are in this call in another window, or on another device.
desk-notes = Notes
desk-notes-label = Notes of this visit
desk-notes-hint = They are kept in this tab until you end the visit.
desk-end = End the visit
desk-end-title = End this visit?
desk-end-why = How did it end?
desk-end-reason = { $reason ->
    [completed] The visit was completed
    [technical-issue] A technical problem ended it
    [no-show] The patient did not come
   *[cancelled] It is cancelled
}
desk-release = The patient may read these notes
desk-no-notes = You have written no notes.
desk-ended-visit = The visit has ended.
desk-outcome = How it ended
desk-reason = Reason for the visit
desk-instructions = What the patient was told
desk-for-patient = For the patient it is { $time }.
desk-quick = Quick actions
desk-new-window = (opens a new window)
desk-close = Close
desk-cancel = Cancel
desk-error-signed-out = Your sign-in has ended. Sign in again, then try once more. What you have typed stays here.
desk-error-unreachable = The service cannot be reached. Please check your connection; this page keeps trying.
desk-error-other = Something went wrong. Please try again. If it stays so, give this number to whoever runs the service: { $reference }
desk-error-forbidden = Your sign-in does not allow this. The desk is for clinicians.
desk-error-not-found = This visit is not there, or is not yours.
desk-error-participant-state = That has changed meanwhile. Please look again.
desk-error-visit-state = This visit is in another state now, and does not allow that.
desk-error-visit-ended = This visit has ended already.
desk-error-visit-cancelled = This visit is cancelled.
desk-error-visit-not-open = This visit is not open yet.
desk-error-no-contact-for-channel = No number or address of the patient is known for that.
desk-error-notification-failed = The message could not be sent now. It is tried again by itself.
desk-error-rate-limited = That was asked for too often. Please try again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
desk-error-media-unavailable = The call cannot be made at the moment. Please try again.
desk-error-validation-failed = Something that was typed is not right. Please look at it again.

## The page at the root, and the form for other sites. The form’s messages hold words and variables only.

lander-title = Ask for a video visit
lander-lead = Choose a time. We text you a code, then your visit is booked.
lander-none-title = Video visits
lander-none = Have you got a link from your practice? Open it from the text or the e-mail.
lander-check = Try your camera and microphone
lander-portal = Patients: sign in
lander-desk = Clinicians: sign in

widget-who = About you
widget-givenName = First name
widget-familyName = Last name
widget-phone = Mobile phone
widget-phone-hint = We text you a code now, and the link for your visit.
widget-email = E-mail
widget-state = State
widget-state-hint = Where you will be during the visit
widget-clinicianId = Clinician
widget-when = When
widget-when-with = When do you want to see { $clinician }?
widget-timezone = Your time zone
widget-day = Day
widget-at = Time
widget-choose = Please choose
widget-optional = (you may leave this empty)
widget-reason = Reason for your visit
widget-consents = Your consent
widget-consent-sms = { $practice } may send me text messages about this visit. Message and data rates may apply. I can reply STOP at any time, and HELP for help.
widget-consent-telehealth = I agree to be seen by video. I know that { $practice } may ask me to come in person, and that I can end the video visit at any time.
widget-privacy = Privacy and terms
widget-the-practice = the practice
widget-send = Ask for this visit
widget-sending = One moment…
widget-emergency = In an emergency, call 911. Do not use this form.
widget-call = Or call { $phone }.
widget-questions = Questions? Call { $phone }.
widget-check = Please look at the fields that are marked.
widget-wrong-givenName = Please enter your first name.
widget-wrong-familyName = Please enter your last name.
widget-wrong-phone = Please enter a mobile number with area code, such as 212 555 0143.
widget-wrong-email = Please enter an e-mail address such as ann@example.com, or leave it empty.
widget-wrong-state = Please choose the state where you will be.
widget-wrong-timezone = Please choose your time zone.
widget-wrong-clinicianId = Please choose a clinician.
widget-wrong-at = Please choose a time.
widget-wrong-reason = Please use fewer words.
widget-wrong-sms = Without this we cannot send you the code and the link.
widget-wrong-telehealth = Without this there is no visit by video.
widget-taken = This time has just been taken. Please choose another.
widget-not-licensed = This clinician may not see patients in this state. Please choose another clinician or call us.
widget-no-text-there = We cannot send texts to this number. Please enter another mobile number.
widget-no-times = There are no free times at the moment.
widget-offline = We cannot be reached right now. Please check your connection and try again.
widget-too-often = This was asked for too often. Please try again in { $minutes } min.
widget-busy = Something is slow on our side. Please try again.
widget-not-set-up = This form cannot take requests at the moment.
widget-code-title = Enter the code from your text
widget-code-sent = We have sent six digits to { $to }. Your time is held for you meanwhile.
widget-code-not-sent = The text to { $to } is late. It may still come; please wait a minute.
widget-code = Six digits
widget-code-hint = The code lasts 10 minutes. We never ask you for it by phone.
widget-wrong-code = Please enter the six digits from the text.
widget-code-failed = That is not the code. Tries left: { $left }
widget-code-expired = This code no longer works. Please go back and ask for a time again.
widget-confirm = Confirm
widget-back = Go back
widget-booked = Your visit is booked
widget-with = With { $clinician }
widget-booked-next = We have texted you the link. It opens shortly before your visit.
widget-stay-home = The visit is by video. You do not need to travel.
