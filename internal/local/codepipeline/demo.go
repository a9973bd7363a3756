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
// release supersedes one that waits, and reports that are released side by
// side. Declare them with CreatePipeline.
func Demo(account, region string) []api.Declaration {
	d := demo{account: account, region: region}
	return []api.Declaration{d.webShop(), d.payments(), d.reports()}
}

// webShop tests in parallel and shifts the traffic of production step by step.
func (d demo) webShop() api.Declaration {
	return d.pipeline("web-shop", api.Queued,
		d.source("example-org/web-shop"),
		stage("Build", d.build("Build", "web-shop-build")),
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
		stage("Build", d.build("Build", "payments-build")),
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
		stage("Build", d.build("Build", "reports-build")),
		stage("Approval", approval("ApproveReports", map[string]string{
			"CustomData": "Look through the new reports: finance reads them tomorrow morning.",
		})),
		stage("Publish", d.upload("PublishReports", "reports-"+d.account)),
	)
}
