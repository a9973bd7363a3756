package telegraph

import (
	"context"
	"fmt"
	"time"
)

// page tells the operators what is wrong at a place, once a day.
func (d *Deliverer) page(ctx context.Context, place, execution string, no *RefusedError, now time.Time) error {
	if no.Sentence == "" {
		return nil
	}
	return d.pageOnce(ctx, place, execution, no.Sentence, no.Sentence, now)
}

// Stuck tells the operators, once a day, of what keeps failing for a reason
// that lies with us.
func (d *Deliverer) Stuck(ctx context.Context, due Due, cause error) error {
	sentence := fmt.Sprintf("What %s is to be told of execution %s of %s has failed many times and is tried again: %v. "+
		"The log of the deliver function says more.", due.Place, due.Of.ID, due.Of.Pipeline, cause)
	return d.pageOnce(ctx, due.Place, due.Of.ID, "stuck", sentence, d.Now())
}

// pageOnce pages unless somebody has done so today because of about. Who tries
// again within minutes, after a crash, pages again: rather twice than never.
func (d *Deliverer) pageOnce(ctx context.Context, place, execution, about, sentence string, now time.Time) error {
	key := fmt.Sprintf("page/%s/%s/%s", now.UTC().Format(time.DateOnly), place, about)
	by := execution + " " + now.UTC().Truncate(everywherePause).Format(time.RFC3339)
	mine, err := d.Records.Claim(ctx, key, by)
	if err != nil || !mine {
		return err
	}
	return d.Pager.Page(ctx, "Signalbox cannot tell "+place, sentence)
}
