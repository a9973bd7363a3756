package main

import (
	"crypto/md5" //nolint:gosec // what SQS answers with
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// redriveOutputs are what the stack of a test tells.
var redriveOutputs = []string{
	"VotesQueueUrl", "VotesDeadLettersUrl", "CardsQueueUrl", "CardsDeadLettersUrl", "EventDeadLettersUrl",
	"ApprovalFunctionName", "NotifyFunctionName", "DeliverFunctionName",
}

// An account is as much of AWS as the redrive command talks to: CloudFormation,
// queues of SQS by the output that names them, and Lambda.
type account struct {
	t       *testing.T
	url     string
	outputs []string
	queues  map[string][]object
	// hidden counts the first messages of a queue that are out of sight.
	hidden  map[string]int
	invoked map[string]string
	refuse  string // an operation that is not allowed
}

type object = map[string]any

// awsAccount makes an account and points the SDK at it, which reads its
// settings from the process: such tests do not run in parallel.
func awsAccount(t *testing.T) *account {
	t.Helper()
	a := &account{t: t, outputs: redriveOutputs, queues: map[string][]object{}, hidden: map[string]int{}, invoked: map[string]string{}}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.url = server.URL
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_CONFIG_FILE": "/nowhere",
		"AWS_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
	return a
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	if name, ok := strings.CutPrefix(r.URL.Path, "/2015-03-31/functions/"); ok {
		a.invoked[strings.TrimSuffix(name, "/invocations")] = string(raw)
		w.WriteHeader(http.StatusAccepted)
		return
	}
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
	if !ok {
		a.describe(w)
		return
	}
	if operation == a.refuse {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"__type":"com.amazonaws.sqs#AccessDenied","message":"so it is"}`)
		return
	}
	var in object
	if err := json.Unmarshal(raw, &in); err != nil {
		a.t.Error(err)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(a.queue(operation, in))
}

func (a *account) describe(w http.ResponseWriter) {
	var members strings.Builder
	for _, name := range a.outputs {
		value := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, "FunctionName"), "Url"))
		if strings.HasSuffix(name, "Url") {
			value = a.url + "/111122223333/" + value
		} else {
			value = "signalbox-" + value
		}
		fmt.Fprintf(&members, "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>", name, value)
	}
	_, _ = fmt.Fprintf(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><Outputs>%s</Outputs></member></Stacks>`+
		`</DescribeStacksResult></DescribeStacksResponse>`, members.String())
}

func (a *account) queue(operation string, in object) object {
	url, _ := in["QueueUrl"].(string)
	name := url[strings.LastIndex(url, "/")+1:]
	switch operation {
	case "GetQueueAttributes":
		n := a.hidden[name]
		return object{"Attributes": object{
			"ApproximateNumberOfMessages": fmt.Sprint(len(a.queues[name]) - n), "ApproximateNumberOfMessagesNotVisible": fmt.Sprint(n),
		}}
	case "ReceiveMessage":
		from := a.hidden[name]
		a.hidden[name] = len(a.queues[name])
		return object{"Messages": a.queues[name][from:]}
	case "SendMessage":
		a.queues[name] = append(a.queues[name], in)
		sum := md5.Sum([]byte(fmt.Sprint(in["MessageBody"]))) //nolint:gosec // what SQS answers with
		return object{"MessageId": "1", "MD5OfMessageBody": hex.EncodeToString(sum[:])}
	case "DeleteMessage":
		a.queues[name], a.hidden[name] = a.queues[name][1:], a.hidden[name]-1
	case "ChangeMessageVisibilityBatch":
		a.hidden[name] = 0
	default:
		a.t.Errorf("%s was called", operation)
	}
	return object{}
}

func (a *account) park(queue, id, body string) {
	a.queues[queue] = append(a.queues[queue], object{
		"MessageId": id, "ReceiptHandle": id, "Body": body,
		"Attributes": object{"MessageGroupId": "group", "SentTimestamp": "1773136800000"},
	})
}

const parkedCard = `{"of":{"account":"111122223333","region":"eu-west-1","pipeline":"orders\u001b[2J","id":"7f2d6c1e"},"place":"channel:C1","version":3}`

func (a *account) fill() {
	a.park("cardsdeadletters", "card-1", parkedCard)
	a.park("eventdeadletters", "event-1", `{"version":"1.0","requestContext":{"functionArn":"arn:aws:lambda:eu-west-1:111122223333:function:signalbox-notify:$LATEST",`+
		`"condition":"RetriesExhausted"},"requestPayload":{"detail-type":"CodeBuild Build State Change","detail":{"project-name":"orders-build"}},`+
		`"responsePayload":{"errorMessage":"xoxb-secret"}}`)
}

func TestRedriveShowsBeforeItMoves(t *testing.T) {
	a := awsAccount(t)
	a.fill()
	code, stdout, stderr := signalbox(t, "", "redrive", "--stack", "signalbox")
	want := `votes: none

cards: 1 dead letter, the oldest of 2026-03-10 10:00 UTC
  2026-03-10 10:00:00   card   orders[U+001B][2J, execution 7f2d6c1e, for channel:C1

events: 1 dead letter, the oldest of 2026-03-10 10:00 UTC
  2026-03-10 10:00:00   event   CodeBuild Build State Change, project orders-build; for signalbox-notify, RetriesExhausted

Nothing has been handed out. Mend the cause, then run this again with --yes.
`
	if code != exitOK || stdout != want || stderr != "" {
		t.Errorf("exit %d, %s\n%s", code, stdout, stderr)
	}
	if len(a.queues["cardsqueue"]) > 0 || len(a.invoked) > 0 || len(a.queues["cardsdeadletters"]) != 1 {
		t.Errorf("something was moved: %v, %v", a.queues, a.invoked)
	}
}

func TestRedriveMovesWhenItIsTold(t *testing.T) {
	a := awsAccount(t)
	a.fill()
	code, stdout, stderr := signalbox(t, "", "redrive", "--stack", "signalbox", "--yes")
	want := `votes: 0 dead letters handed out again
cards: 1 dead letter handed out again
events: 1 dead letter handed out again
votes: nothing left
cards: nothing left
events: nothing left
`
	if code != exitOK || stdout != want || stderr != "" {
		t.Errorf("exit %d, %s\n%s", code, stdout, stderr)
	}
	if sent := a.queues["cardsqueue"]; len(sent) != 1 || sent[0]["MessageBody"] != parkedCard || sent[0]["MessageGroupId"] != "group" {
		t.Errorf("sent %v", sent)
	}
	if got := a.invoked["signalbox-notify"]; !strings.Contains(got, "orders-build") || strings.Contains(got, "xoxb") {
		t.Errorf("invoked %v", a.invoked)
	}
}

func TestRedriveOfOneQueueLeavesTheOthers(t *testing.T) {
	a := awsAccount(t)
	a.fill()
	a.park("votesdeadletters", "vote-1", "{}")
	code, stdout, _ := signalbox(t, "", "redrive", "--stack", "signalbox", "--yes", "--queue", "events", "--queue", "votes")
	if code != exitNo || !strings.Contains(stdout, "votes: 0 dead letters handed out again, 1 stayed:\n  vote-1  no vote: it cannot be read\n") ||
		!strings.Contains(stdout, "votes: about 1 left") {
		t.Errorf("exit %d, %s", code, stdout)
	}
	if len(a.queues["cardsdeadletters"]) != 1 || len(a.queues["eventdeadletters"]) > 0 {
		t.Errorf("%v", a.queues)
	}
}

func TestRedriveSaysWhatIsInTheWay(t *testing.T) {
	a := awsAccount(t)
	a.fill()
	a.refuse = "SendMessage"
	if code, stdout, stderr := signalbox(t, "", "redrive", "--stack", "signalbox", "--yes"); code != exitFailed ||
		!strings.Contains(stderr, "hand out the dead letter card-1 of cards: ") || !strings.Contains(stdout, "cards: 0 dead letters") {
		t.Errorf("a queue that takes nothing: exit %d, %s%s", code, stdout, stderr)
	}
	if len(a.queues["cardsdeadletters"]) != 1 || a.hidden["cardsdeadletters"] != 0 {
		t.Errorf("%v, %v", a.queues, a.hidden)
	}
	a.refuse = "ReceiveMessage"
	if code, _, stderr := signalbox(t, "", "redrive", "--stack", "signalbox"); code != exitFailed || !strings.Contains(stderr, "look at the dead letters of votes") {
		t.Errorf("a queue that tells nothing: exit %d, %s", code, stderr)
	}
	a.outputs = a.outputs[:2]
	if code, _, stderr := signalbox(t, "", "redrive", "--stack", "other"); code != exitFailed || !strings.Contains(stderr, "the stack other has no output CardsDeadLettersUrl") {
		t.Errorf("another stack: exit %d, %s", code, stderr)
	}
	if code, _, stderr := signalbox(t, "", "redrive"); code != exitUsage || !strings.Contains(stderr, "--stack") {
		t.Errorf("without a stack: exit %d, %s", code, stderr)
	}
	t.Setenv("AWS_REGION", "")
	if code, _, stderr := signalbox(t, "", "redrive", "--stack", "signalbox"); code != exitFailed || !strings.Contains(stderr, "AWS_REGION") {
		t.Errorf("without a Region: exit %d, %s", code, stderr)
	}
}
