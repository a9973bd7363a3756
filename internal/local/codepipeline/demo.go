package codepipeline

import (
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// DemoProduction is the account that the demo's payments are released into:
// another one than the pipeline's own.
const DemoProduction = "111122223333"

// Demo declares the pipelines of the demo, in the account and Region that they
// are to live in. Each shows another execution mode, and each has an approval
// in front of production: a shop whose releases queue, payments where a newer
// release supersedes one that waits, reports that are released side by side, and
// two that the stricter rules of the example are for: a ledger that two circles
// have to agree on, and a vault that a click does not open. Declare them with
// CreatePipeline.
func Demo(account, region string) []api.Declaration {
	d := demo{account: account, region: region}
	return []api.Declaration{d.webShop(), d.payments(), d.reports(), d.ledger(), d.vault()}
}

// webShop tests in parallel and shifts the traffic of production step by step.
func (d demo) webShop() api.Declaration {
	return d.pipeline("web-shop", api.Queued,
		d.source("example-org/web-shop"),
		stage("Build", d.build("web-shop-build")),
		stage("Test",
			d.test("Unit", "web-shop-unit"),
			d.test("Integration", "web-shop-integration"),
			d.test("Scan", "web-shop-scan"),
		),
		stage("Staging", d.service("DeployStaging", "web-shop", "staging")),
		stage("Approval", approval("ApproveProduction", map[string]string{
			"CustomData": "Check the shop on staging before it goes to production.",
		})),
		stage("Production", d.blueGreen("DeployProduction", "web-shop", "production")),
	)
}

// payments asks twice, and deploys into another account by a role of that.
func (d demo) payments() api.Declaration {
	p := d.pipeline("payments", api.Superseded,
		d.source("example-org/payments"),
		stage("Build", d.build("payments-build")),
		stage("Approval", approval("ApproveRelease", map[string]string{
			"CustomData": "Release of #{SourceVariables.CommitId} by #{SourceVariables.AuthorDisplayName}. " +
				"Compare the settlement totals of the last hour first.",
			"ExternalEntityLink": "https://reports.example.com/payments/#{codepipeline.PipelineExecutionId}",
		})),
		stage("Production", abroad(d.stack("Deploy", "payments"))),
		stage("Handover", approval("ApproveTraffic", map[string]string{
			"CustomData": "The new version runs without traffic. Try a payment of one cent before customers do.",
		})),
		stage("Traffic", abroad(d.blueGreen("ShiftTraffic", "payments", "production"))),
	)
	// Artifacts that another account reads are encrypted with a key that it may use.
	p.ArtifactStore.EncryptionKey = &api.EncryptionKey{ID: "arn:aws:kms:" + d.region + ":" + d.account + ":alias/payments-artifacts", Type: "KMS"}
	return p
}

// reports are independent of each other, so no release waits for another.
func (d demo) reports() api.Declaration {
	return d.pipeline("reports", api.Parallel,
		d.source("example-org/reports"),
		stage("Build", d.build("reports-build")),
		stage("Approval", approval("ApproveReports", map[string]string{
			"CustomData": "Look through the new reports: finance reads them tomorrow morning.",
		})),
		stage("Publish", d.upload("PublishReports", "reports-"+d.account)),
	)
}

// ledger needs the word of two circles of people.
func (d demo) ledger() api.Declaration {
	return d.pipeline("ledger", api.Queued,
		d.source("example-org/ledger"),
		stage("Build", d.build("ledger-build")),
		stage("Approval", approval("ApproveProduction", map[string]string{
			"CustomData": "QA: have the postings been compared? Ops: is the maintenance page ready?",
		})),
		stage("Production", d.service("DeployProduction", "ledger", "production")),
	)
}

// vault is what nobody should release with a slip of the finger.
func (d demo) vault() api.Declaration {
	return d.pipeline("vault", api.Superseded,
		d.source("example-org/vault"),
		stage("Build", d.build("vault-build")),
		stage("Approval", approval("ApproveVault", map[string]string{
			"CustomData": "Keys are rotated during this release. It starts at night.",
		})),
		stage("Production", d.service("DeployProduction", "vault", "production")),
	)
}
