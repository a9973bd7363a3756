package local

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	inbox "github.com/signalbox/signalbox/internal/local/mail"
	"github.com/signalbox/signalbox/internal/mail"
	"github.com/signalbox/signalbox/internal/people"
)

// subscribe lets each person's own approval mails through to their inbox, as
// `signalbox people sync` does for real addresses.
func subscribe(ctx context.Context, client *sns.Client, topic, inboxes string, all []people.Person) error {
	_, err := mail.Sync(ctx, client, topic, all, mail.Options{
		Protocol: "http",
		EndpointFor: func(p people.Person) string {
			if p.Email == "" {
				return ""
			}
			return inbox.InboxURL(inboxes, p.Email)
		},
	})
	if err != nil {
		return fmt.Errorf("subscribe the inboxes: %w", err)
	}
	return nil
}
