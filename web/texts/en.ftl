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
