package telegraph

import (
	"context"
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// badge keeps how r stands for those who look at the badge of its pipeline, or
// of its branch.
func (d *Deliverer) badge(ctx context.Context, r release.Record, now time.Time) error {
	b := Badge{
		Account: r.Account, Region: r.Region, Pipeline: r.Pipeline,
		State: r.State(), Execution: r.ID, Began: r.Since(), At: now,
	}
	if err := d.Badges.SaveBadge(ctx, b); err != nil {
		return fmt.Errorf("save the badge of %s: %w", r.Pipeline, err)
	}
	b.Branch = notice.Of(r, "").Branch()
	if b.Branch == "" {
		return nil
	}
	if err := d.Badges.SaveBadge(ctx, b); err != nil {
		return fmt.Errorf("save the badge of %s, branch %s: %w", r.Pipeline, b.Branch, err)
	}
	return nil
}
