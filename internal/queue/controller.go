package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// The answers of the ports that a Controller branches on.
var (
	// ErrNotFound: nothing is known of the execution, or Slack knows no such
	// group.
	ErrNotFound = errors.New("not found")
	// ErrTooLate: CodePipeline does not do that any more, because the execution
	// has moved on or another one has taken its place.
	ErrTooLate = errors.New("too late")
	// ErrBusy: CodePipeline does not do that now, and may in a moment.
	ErrBusy = errors.New("busy")
)

// Records is what a Controller reads.
type Records interface {
	// Record reads how an execution stands, or fails with ErrNotFound.
	Record(ctx context.Context, id release.ExecutionID) (release.Record, error)
	// Append adds entries to the audit trail, each once.
	Append(ctx context.Context, entries ...audit.Entry) error
}

// Pipeline carries out what is asked for. Each fails with ErrTooLate or ErrBusy
// where CodePipeline refuses.
type Pipeline interface {
	// Retry runs the failed actions of a stage again, or all of them.
	Retry(ctx context.Context, id release.ExecutionID, stage string, all bool) error
	// Stop stops an execution once its running actions have ended. It is no
	// error if it is stopping already.
	Stop(ctx context.Context, id release.ExecutionID, reason string) error
	// RollBack releases to a stage what was released to it last before id, and
	// returns the execution whose revisions these are. ErrNotFound: there is
	// none.
	RollBack(ctx context.Context, id release.ExecutionID, stage string) (target string, err error)
}

// Answers tells people in Slack, for their eyes only.
type Answers interface {
	Answer(ctx context.Context, reply, text string) error
}

// Circles knows who belongs to Slack user groups.
type Circles interface {
	Members(ctx context.Context, group string) ([]string, error)
}

// A Controller carries out operations.
type Controller struct {
	Rules    Rules
	People   *people.Index
	Records  Records
	Pipeline Pipeline
	Answers  Answers
	Circles  Circles
	// Environment names what a stage of a pipeline releases to, or nothing.
	Environment func(id release.ExecutionID, stage string) string
	Now         func() time.Time
}

// Do carries out op, writes down who asked for it and what came of it, and
// answers. An error means that it should be tried again: what CodePipeline has
// done before it then refuses to do twice.
func (c *Controller) Do(ctx context.Context, op Operation) error {
	j, err := c.judged(ctx, op)
	if err != nil {
		return err
	}
	if err := c.Records.Append(ctx, j.asked(c.Now())); err != nil {
		return fmt.Errorf("write down what was asked for: %w", err)
	}
	text := j.refusal
	if text == "" {
		if text, err = c.carryOut(ctx, j); err != nil {
			return err
		}
		if err := c.Records.Append(ctx, j.done(text, c.Now())); err != nil {
			return fmt.Errorf("write down what was done: %w", err)
		}
	}
	if err := c.Answers.Answer(ctx, op.Reply, text); err != nil {
		// It is done. The card shows it too.
		slog.WarnContext(ctx, "operation not answered", "pipeline", op.Of.Pipeline, "execution", op.Of.ID, "err", err)
	}
	return nil
}

// A judged is an operation and whether it may be carried out.
type judged struct {
	Operation
	who    people.Person
	rule   Rule
	record release.Record
	// refusal says to the one who asked why it is not done; empty if it is.
	refusal string
}

func (c *Controller) judged(ctx context.Context, op Operation) (judged, error) {
	j := judged{Operation: op}
	var err error
	if j.record, err = c.Records.Record(ctx, op.Of); errors.Is(err, ErrNotFound) {
		j.refusal = "Signalbox knows nothing of this execution any more."
		return j, nil
	} else if err != nil {
		return j, fmt.Errorf("read the record of %s: %w", op.Of.ID, err)
	}
	j.who, _ = c.People.BySlack(op.SlackUser)
	rule, ok := c.Rules.For(op.Of, c.Environment(op.Of, j.record.FailedStage()))
	if !ok {
		j.refusal = fmt.Sprintf("Nobody may %s here: no rule under `operations` in Signalbox's configuration matches %s.", phrases[op.Command], op.Of.Pipeline)
		return j, nil
	}
	j.rule = rule
	groups, err := c.groupsOf(ctx, rule, op.SlackUser)
	if err != nil {
		return j, err
	}
	j.refusal = Judge(j.record, rule, op.Command, rule.names(j.who, groups))
	return j, nil
}

// groupsOf lists the groups of rule that a member belongs to. A group that is
// gone has no members.
func (c *Controller) groupsOf(ctx context.Context, rule Rule, slackUser string) ([]string, error) {
	var in []string
	for _, g := range rule.Groups {
		members, err := c.Circles.Members(ctx, g)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("read who belongs to %s: %w", g, err)
		case slices.Contains(members, slackUser):
			in = append(in, g)
		}
	}
	return in, nil
}

func (c *Controller) carryOut(ctx context.Context, j judged) (string, error) {
	stage := j.record.FailedStage()
	var text string
	var err error
	switch j.Command {
	case release.RetryFailed:
		text = fmt.Sprintf("The failed actions of %s run again.", stage)
		err = c.Pipeline.Retry(ctx, j.Of, stage, false)
	case release.RetryStage:
		text = fmt.Sprintf("All actions of %s run again.", stage)
		err = c.Pipeline.Retry(ctx, j.Of, stage, true)
	case release.Stop:
		text = "The execution stops as soon as the actions that run have ended."
		err = c.Pipeline.Stop(ctx, j.Of, "Stopped in Slack by "+j.name())
	case release.RollBack:
		var target string
		target, err = c.Pipeline.RollBack(ctx, j.Of, stage)
		text = fmt.Sprintf("%s is rolled back to execution %.8s.", stage, target)
	}
	switch {
	case err == nil:
		return text, nil
	case errors.Is(err, ErrNotFound):
		return fmt.Sprintf("%s cannot be rolled back: nothing that CodePipeline remembers was released to it before.", stage), nil
	case errors.Is(err, ErrTooLate):
		return fmt.Sprintf("CodePipeline does not %s any more: the execution has moved on, or a newer one has taken its place.", phrases[j.Command]), nil
	}
	return "", fmt.Errorf("%s: %w", phrases[j.Command], err)
}

func (j judged) name() string {
	if j.who.Name != "" {
		return j.who.Name
	}
	return "member " + j.SlackUser
}
