package demo

import "context"

// monthEnd is three releases at once.
func monthEnd(c []commit) []scene {
	var all []*release
	return []scene{
		{"13:30", "Month end: three reports at once. reports is PARALLEL, so nobody waits for anybody, and each asks for itself.", marco, reportsChannel,
			func(ctx context.Context, s *show) error {
				for _, one := range c {
					r, err := s.push(ctx, "reports", one)
					if err != nil {
						return err
					}
					all = append(all, r)
				}
				for _, r := range all {
					if err := s.asks(ctx, r); err != nil {
						return err
					}
				}
				return nil
			}},
		{"13:55", "Marco Silva approves the newest first; Priya Raman sends the oldest back.", priya, reportsChannel,
			func(ctx context.Context, s *show) error {
				if err := s.approves(ctx, marco, all[2]); err != nil {
					return err
				}
				if err := s.rejects(ctx, priya, all[0], "October is missing"); err != nil {
					return err
				}
				return s.approves(ctx, marco, all[1])
			}},
	}
}

// rush is a queue, and an hour in which events are delivered badly.
func rush(c []commit) []scene {
	var all []*release
	return []scene{
		{"14:30", "Four merges within minutes. web-shop is QUEUED: each waits for its turn, in order, in front of every stage.", lee, releases,
			func(ctx context.Context, s *show) error {
				for _, one := range c[:4] {
					r, err := s.push(ctx, "web-shop", one)
					if err != nil {
						return err
					}
					all = append(all, r)
					if err := s.options.Pause(ctx, watching); err != nil {
						return err
					}
				}
				if err := s.asks(ctx, all[0]); err != nil {
					return err
				}
				return s.see(ctx, all[2], "waits in front of the approval", func(x execution) bool { return x.Waiting && x.Stage == "Approval" })
			}},
		{"15:05", "Lee Okafor approves the first. The second moves up, and asks.", lee, releases,
			func(ctx context.Context, s *show) error {
				if err := s.approves(ctx, lee, all[0]); err != nil {
					return err
				}
				return s.asks(ctx, all[1])
			}},
		{"15:40", "EventBridge has a bad hour: every event comes twice, many out of order. Still one card, and one answer that counts.", dana, releases,
			func(ctx context.Context, s *show) error {
				if err := s.deliver(ctx, badly(s.options.Seed)); err != nil {
					return err
				}
				if err := s.approves(ctx, dana, all[1]); err != nil {
					return err
				}
				return s.asks(ctx, all[2])
			}},
		{"16:30", "The hour is over. Lee Okafor answers the next one by e-mail, from home.", lee, releases,
			func(ctx context.Context, s *show) error {
				if err := s.deliver(ctx, map[string]any{}); err != nil {
					return err
				}
				if err := s.mails(ctx, lee, all[2]); err != nil {
					return err
				}
				return s.asks(ctx, all[3])
			}},
	}
}

func badly(seed uint64) map[string]any {
	return map[string]any{"double": 1, "reorder": 0.4, "seed": seed}
}

// deliver says how well events are delivered from now on.
func (s *show) deliver(ctx context.Context, rates map[string]any) error {
	return s.call(ctx, "/local/delivery", rates, nil)
}
