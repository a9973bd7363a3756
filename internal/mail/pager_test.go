package mail_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/signalbox/signalbox/internal/mail"
)

func TestAPageGoesToTheTopicWithASubjectThatSNSTakes(t *testing.T) {
	t.Parallel()
	var got *sns.PublishInput
	pager := mail.NewPager(func(_ context.Context, in *sns.PublishInput, _ ...func(*sns.Options)) (*sns.PublishOutput, error) {
		got = in
		return &sns.PublishOutput{}, nil
	}, "arn:aws:sns:eu-west-1:000000000000:operations")
	if err := pager.Page(t.Context(), "Break-glass: vault\nto "+strings.Repeat("x", 200), "Priya passed it alone."); err != nil {
		t.Fatal(err)
	}
	if *got.TopicArn != "arn:aws:sns:eu-west-1:000000000000:operations" || *got.Message != "Priya passed it alone." {
		t.Errorf("published %+v", got)
	}
	if s := *got.Subject; len([]rune(s)) > 100 || strings.ContainsAny(s, "\n\r") || !strings.HasPrefix(s, "Break-glass: vault to x") {
		t.Errorf("subject %q", s)
	}
}

func TestAPageThatIsNotTakenIsAnError(t *testing.T) {
	t.Parallel()
	refused := errors.New("AuthorizationError")
	pager := mail.NewPager(func(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error) {
		return nil, refused
	}, "arn")
	if err := pager.Page(t.Context(), "s", "t"); !errors.Is(err, refused) {
		t.Errorf("Page = %v, want the refusal", err)
	}
}
