package demo

import (
	"context"
	"math/rand/v2"
	"time"
)

// A commit is what somebody pushes.
type commit struct{ author, message string }

// Who pushes what. Which of them a play has is the seed's choice.
var (
	shopCommits = []commit{
		{"Jonas Weber", "Show delivery dates in the basket"},
		{"Nadia Benali", "Add Apple Pay to the express checkout"},
		{"Ines Duarte", "Let screen readers announce basket changes"},
		{"Jonas Weber", "Lazy-load product images below the fold"},
		{"Tom Fischer", "Upgrade Go to 1.26"},
		{"Nadia Benali", "Keep the basket for thirty days"},
	}
	paymentCommits = []commit{
		{"Aiko Tanaka", "Retry card authorisation once on a gateway timeout"},
		{"Nadia Benali", "Round VAT per line, as the invoice does"},
		{"Tom Fischer", "Cache exchange rates for five minutes"},
		{"Ines Duarte", "Log the request id on every payment error"},
		{"Aiko Tanaka", "Fix double refund when a webhook comes twice"},
	}
	reportCommits = []commit{
		{"Ines Duarte", "Revenue by country"},
		{"Tom Fischer", "Refunds per week"},
		{"Aiko Tanaka", "Failed payments by bank"},
		{"Ines Duarte", "Open invoices"},
		{"Tom Fischer", "Chargebacks by country"},
	}
)

// shuffled is all in an order of the seed's choice.
func shuffled(random *rand.Rand, all []commit) []commit {
	out := make([]commit, 0, len(all))
	for _, i := range random.Perm(len(all)) {
		out = append(out, all[i])
	}
	return out
}

// story is the day. Who breaks something is in the configuration, so that Slack
// can call them.
func story(seed uint64) []scene {
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a story, not a secret
	shop, payments, reports := shuffled(random, shopCommits), shuffled(random, paymentCommits), shuffled(random, reportCommits)
	var first *release
	day := night(commit{"Dana Whitfield", reports[3].message})
	day = append(day, morning(shop[0], &first)...)
	day = append(day, trouble(commit{"Lee Okafor", payments[0].message})...)
	day = append(day, supersede(payments[1:])...)
	day = append(day, monthEnd(reports[:3])...)
	day = append(day, hiccup(commit{"Marco Silva", shop[5].message}, func() *release { return first })...)
	day = append(day, rush(shop[1:5])...)
	return append(day, hanging(reports[4])...)
}

// slowly is how long a deployment takes when it is to be watched.
const slowly = 3500 * time.Millisecond

// morning is one release all the way, to which r is set.
func morning(c commit, r **release) []scene {
	return []scene{
		{"09:05", c.author + " merges “" + c.message + "”. web-shop builds it; unit tests, integration tests and scan run side by side.", dana, releases,
			func(ctx context.Context, s *show) (err error) {
				if *r, err = s.push(ctx, "web-shop", c); err != nil {
					return err
				}
				return s.asks(ctx, *r)
			}},
		{"09:26", "Dana Whitfield has looked at staging, and approves in Slack. Production is blue/green: 10 %, 50 %, then all of the traffic.", dana, releases,
			func(ctx context.Context, s *show) error {
				if err := s.script(ctx, "web-shop/Production/DeployProduction", "Succeeded", "", slowly); err != nil {
					return err
				}
				if err := s.approves(ctx, dana, *r); err != nil {
					return err
				}
				return s.ends(ctx, *r, "Succeeded")
			}},
	}
}

// trouble is a build that fails and a release that is rejected.
func trouble(c commit) []scene {
	var r *release
	return []scene{
		{"10:02", c.author + " pushes “" + c.message + "” to payments, and a test is red. The channel gets the end of the log, without the password in it, and the author is called.", priya, paymentsReleases,
			func(ctx context.Context, s *show) error {
				if err := s.breaks(ctx, "payments-build", redTests); err != nil {
					return err
				}
				broken, err := s.push(ctx, "payments", c)
				if err != nil {
					return err
				}
				return s.ends(ctx, broken, "Failed")
			}},
		{"10:19", c.author + " repairs the code and pushes again. Now Dana Whitfield and Priya Raman are asked.", priya, paymentsReleases,
			func(ctx context.Context, s *show) (err error) {
				if r, err = s.push(ctx, "payments", commit{c.author, c.message + ", with its tests"}); err != nil {
					return err
				}
				return s.asks(ctx, r)
			}},
		{"10:41", "Priya Raman compares the totals, and rejects in Slack. The reason goes to CodePipeline and to everybody in the channel.", priya, paymentsReleases,
			func(ctx context.Context, s *show) error {
				return s.rejects(ctx, priya, r, "Settlement totals differ by 3 %")
			}},
	}
}

// supersede is a release that another takes the place of, and one that is
// approved twice.
func supersede(c []commit) []scene {
	var first, second *release
	return []scene{
		{"11:15", c[0].author + " has the fix. While it waits for an answer, " + c[1].author + " releases too, and stands behind it.", dana, paymentsReleases,
			func(ctx context.Context, s *show) (err error) {
				if first, err = s.push(ctx, "payments", c[0]); err != nil {
					return err
				}
				if err := s.asks(ctx, first); err != nil {
					return err
				}
				if second, err = s.push(ctx, "payments", c[1]); err != nil {
					return err
				}
				return s.see(ctx, second, "waits in front of the approval", func(x execution) bool { return x.Waiting && x.Stage == "Approval" })
			}},
		{"11:40", c[2].author + " releases as well. payments is SUPERSEDED: the newer release takes the place of the one that waits.", dana, paymentsReleases,
			func(ctx context.Context, s *show) error {
				if _, err := s.push(ctx, "payments", c[2]); err != nil {
					return err
				}
				return s.ends(ctx, second, "Superseded")
			}},
		{"11:52", "Sam Stranger presses Approve. He is on no list: only he is told so, and nothing happens.", sam, paymentsReleases,
			func(ctx context.Context, s *show) error {
				if err := s.click(ctx, sam, first, approveButton); err != nil {
					return err
				}
				return s.options.Pause(ctx, reading)
			}},
		{"12:10", "Dana Whitfield is on a train, and approves by e-mail: her own link, and the code. It is deployed into another account.", dana, paymentsReleases,
			func(ctx context.Context, s *show) error {
				if err := s.mails(ctx, dana, first); err != nil {
					return err
				}
				return s.asks(ctx, first)
			}},
		{"12:48", "The new version runs without traffic. Lee Okafor tries a payment of one cent, and lets the customers in. payments is fixed, says the card.", lee, paymentsReleases,
			func(ctx context.Context, s *show) error {
				if err := s.approves(ctx, lee, first); err != nil {
					return err
				}
				return s.ends(ctx, first, "Succeeded")
			}},
	}
}
