package web

import "net/http"

// A refusal is a request that gets no form. Most refusals are told before the
// token is known to be genuine, so their pages say nothing about any approval.
type refusal string

// The refusals, as they are logged. The empty refusal means: go on.
const (
	noSuchPage  refusal = "no_such_page"
	wrongMethod refusal = "wrong_method"
	wrongType   refusal = "wrong_type"
	tooLarge    refusal = "too_large"
	badForm     refusal = "bad_form"
	badVerdict  refusal = "bad_verdict"
	malformed   refusal = "malformed"
	forged      refusal = "forged"
	unknown     refusal = "unknown"
	expired     refusal = "expired"
	unavailable refusal = "unavailable"
)

const (
	useWholeLink = "Open the link in the approval mail again. If your mail program broke it over two lines, copy all of it into the address bar, up to the last character."
	otherWays    = "You can also answer in the Slack message about this release, or in the CodePipeline console."
	tryAgain     = "Please try again in a minute. If it keeps happening, give the reference below to the people who run Signalbox."
)

// notice is a page of plain text.
type notice struct {
	status int
	tone   tone
	title  string
	text   []string
}

var notices = map[refusal]notice{
	noSuchPage: {http.StatusNotFound, toneQuiet, "There is no page here", []string{
		"Signalbox answers only at the links in its approval mails."}},
	wrongMethod: {http.StatusMethodNotAllowed, toneQuiet, "This page cannot be used that way", []string{
		"It can be opened, and its form can be sent. Nothing was recorded."}},
	wrongType: {http.StatusUnsupportedMediaType, toneCare, "This answer came in a form we do not read", []string{
		"Nothing was recorded. Please use the form on the page behind your link."}},
	tooLarge: {http.StatusRequestEntityTooLarge, toneCare, "This answer is too long", []string{
		"Nothing was recorded. Go back, shorten the reason to 500 characters, and send it again."}},
	badForm: {http.StatusBadRequest, toneCare, "This answer could not be read", []string{
		"Nothing was recorded. Please open the link in your mail again and use the form behind it."}},
	badVerdict: {http.StatusBadRequest, toneCare, "Approve or reject?", []string{
		"The answer said neither, so nothing was recorded. Go back and press one of the two buttons."}},
	malformed: {http.StatusBadRequest, toneCare, "This link is incomplete", []string{
		"Part of the address is missing or was changed on its way to you.", useWholeLink}},
	forged: {http.StatusForbidden, toneStop, "This link is not genuine", []string{
		"Signalbox did not sign it, so it opens nothing.",
		"If somebody sent it to you, do not trust the message it came in. A genuine link is in the approval mail that was sent to you."}},
	unknown: {http.StatusNotFound, toneQuiet, "We do not know this link", []string{
		"It may be for another approval or another environment, or the approval may be long over.", useWholeLink, otherWays}},
	expired: {http.StatusGone, toneQuiet, "This link has expired", []string{
		"The time to answer is over, so nothing can be recorded here any more.",
		"If the release still has to go on, retry the stage in CodePipeline: that asks again, with a new link."}},
	unavailable: {http.StatusServiceUnavailable, toneCare, "We cannot check this link right now", []string{
		"Nothing was changed and nothing was recorded. The link stays as it is.", tryAgain}},
}

func refuse(why refusal) answer {
	n := notices[why]
	return answer{status: n.status, kind: string(why), view: view{Tone: n.tone, heading: titled(n.title), Text: n.text}}
}

// fail is the answer when a service that the page needs did not answer.
func fail(err error) answer {
	a := refuse(unavailable)
	a.err = err
	return a
}
