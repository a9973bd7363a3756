package redact_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/redact"
)

// The secrets of the tests are put together here, so that no scanner of
// secrets takes this file for a leak.
const (
	digits  = "0123456789"
	hex32   = "0123456789abcdef" + "fedcba9876543210"
	mixed20 = "aB3dE6gH9j" + "K2mN5pQ8sT"
	mixed40 = mixed20 + "uV1xY4zA7c" + "D0fG3hJ6kL"
	body    = "MIIEowIBAAKC" + "AQEA" + mixed40 + mixed20 + "8="
)

func key(kind string) (begin, end string) {
	return "-----BEGIN " + kind + "PRIVATE" + " KEY-----", "-----END " + kind + "PRIVATE" + " KEY-----"
}

// TestSecretsAreHidden writes a secret as {}, which becomes what redact.Hidden
// is in the result.
func TestSecretsAreHidden(t *testing.T) {
	t.Parallel()
	tests := []struct{ line, secret string }{
		{"using key {} in eu-west-1", "AKIA" + "IOSFODNN7EXAMPLE"},
		{"using key ({}).", "ASIA" + "Y34FZKBOKMUTVV7A"},
		{"aws_secret_access_key = {}", "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"},
		{"keys: {} and another", "wJa4rXU8nFEMI/K7MDENG/" + "bPxRf1CYEXAMPLE3kE"},
		{`  "SessionToken": "{}",`, "IQoJb3JpZ2luX2VjE" + mixed40 + "//8="},
		{"export AWS_SESSION_TOKEN={}", "FwoGZXIvYXdz" + mixed40},
		{"posted with {}", "xoxb-" + digits + "-" + digits + "-" + mixed20},
		{"posted with {}.", "xoxe.xoxp-1-" + mixed40},
		{"socket {}", "xapp-1-A0" + "B1C2D3E-" + digits + "-" + hex32},
		{"curl https://hooks.slack.com/{} -d x", "services/T00000000/B00000000/" + mixed20},
		{"cloning with {}", "ghp_" + mixed20 + "uV1xY4zA7cD0fG3h"},
		{"cloning with {}", "github_pat_" + mixed20 + "_" + mixed40},
		{"remote {}", "glpat-" + mixed20},
		{"npm {}", "npm_" + mixed20 + "uV1xY4zA7cD0fG3h"},
		{"upload {}", "pypi-AgEIcHlwaS5vcmc" + mixed40},
		{"auth {} ok", "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0." + mixed40},
		{"maps {}", "AIza" + "SyA-" + mixed20 + "uV1xY4zA7cD"},
		{"oauth {}", "ya29." + mixed40},
		{"pay {}", "sk_live_" + mixed20 + "uV1x"},
		{"hook {}", "whsec_" + mixed40},
		{"mail {}", "SG." + mixed20 + "uv." + mixed40 + "abc"},
		{"model {}", "sk-" + "ant-api03-" + mixed40},
		{"vault {}", "hvs." + mixed40},
		{"registry {}", "dckr_pat_" + mixed20 + "uV1xY4z"},
		{"open https://example.com/approve?t={}", "v1." + mixed40[:39] + "." + mixed40 + "x_-"},
		{"Authorization: Bearer {}", "abc.def-" + digits},
		{"> authorization: Bearer {}", mixed20},
		{`curl -H "Authorization: Basic {}" https://example.com`, "dXNlcjpwYXNz" + "d29yZA=="},
		{`curl -H 'X-Api-Key: {}' https://example.com`, mixed20},
		{"got Bearer {} back", mixed20},
		{"got Basic {} back", "dXNlcjpwYXNz" + "d29yZA=="},
		{`password="{}`, "never closed, with spaces"},
		{"password={}", "hunter2"},
		{"DB_PASSWORD={} make test", "a,b&c;d"},
		{"password: {}", "hunter2"},
		{"  password : '{}'", "two words"},
		{"token: {}", "abcdefgh"},
		{"error: invalid token: {}", "a1b2c3d4"},
		{`{"user":"ann","password":"{}","port":5432}`, `quo\"te`},
		{`"{\"clientSecret\":\"{}\",\"x\":1}"`, mixed20},
		{"API_KEY={}", mixed20},
		{"STRIPE_SECRET: {}", "abc"},
		{"SMTP_PASS={}", "abc"},
		{"'password' => '{}',", "abc"},
		{`password := "{}"`, "abc"},
		{"<password>{}</password>", "abc def"},
		{"passphrase: {}", "correct horse battery staple"},
		{"Cookie: {}", "session=abc; other=def"},
		{"psql postgres://app:{}@db.internal:5432/orders?sslmode=require", "p@ss:word"},
		{"redis://:{}@cache:6379/0", "hunter2"},
		{"amqp://app:{}@mq/vhost", "sl/ash"},
		{"git clone https://{}@github.com/example/orders.git", mixed20},
		{"git clone https://{}@github.com/example/orders.git", "ghs_" + mixed40 + ":x-oauth-basic"},
		{"GET https://b.s3.amazonaws.com/k?X-Amz-Date=20260310T091612Z&X-Amz-Signature={}&x=1", hex32 + hex32},
		{"GET https://a.blob.core.windows.net/c?sv=2024&sig={}&se=2026", mixed20 + "%3D"},
		{"redirect=https%3A%2F%2Fexample.com%3Fa%3D1%26X-Amz-Signature%3D{}%26b%3D2", hex32},
		{"Server=db;User Id=app;Password={};Encrypt=true", "a b"[:1] + "bc"},
		{"DefaultEndpointsProtocol=https;AccountKey={};EndpointSuffix=core", mixed40 + "=="},
		{"mysql --user=app --password={} orders", "abc"},
		{"tool --token {} --verbose", "abc"},
		{"docker login -u AWS -p {} registry", "abc"},
		{"curl -u app:{} https://example.com", "abc"},
		{"CREATE USER app IDENTIFIED BY '{}'", "abc"},
		{"machine github.com login app password {}", "abc"},
		{"Unlock with {}", body},
		{"[Container] 2026/03/10 09:16:12.123456 DEPLOY_TOKEN={}", "abc"},
		{"+ export GITHUB_TOKEN={}", "abc"},
	}
	for _, tt := range tests {
		want := strings.ReplaceAll(tt.line, "{}", redact.Hidden)
		line := strings.ReplaceAll(tt.line, "{}", tt.secret)
		if got := redact.Line(line); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
		torn := strings.ReplaceAll(tt.line, "{}", tt.secret[:2]+"\x1b[1m\u200b"+tt.secret[2:]+"\x1b[0m")
		if got := redact.Line(torn); got != want {
			t.Errorf("torn apart: %s\n got %s\nwant %s", line, got, want)
		}
	}
}

// ordinary are lines of builds that hold no secret.
var ordinary = []string{
	"",
	"[Container] 2026/03/10 09:16:12.123456 Phase complete: BUILD State: FAILED",
	"[Container] 2026/03/10 09:16:12.123456 Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing command: make test. Reason: exit status 2",
	"2026-03-10T09:16:12.123456789Z INFO  server started on http://localhost:8080/health",
	"HEAD is now at 4f2d6c1e3b544c8a9d0e5a1b2c3d4e5f60718293 Fix the rounding of VAT",
	"digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 size: 1234",
	"FROM 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	"pulled ghcr.io/example/auth-token:1.2.3 and example/secret:latest",
	"execution 7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f of orders:1f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f",
	"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf",
	"SLACK_TOKEN_SECRET=arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf",
	"arn:aws:sts::111122223333:assumed-role/deploy/session AROAIOSFODNN7EXAMPLE:session",
	"github.com/google/go-cmp v0.7.0 h1:wk8382ETsv4JYUZwIsn6YpYiWiBsYLSJiTsyBuHlKO8=",
	"github.com/aws/smithy-go v1.22.1-0.20260101123456-4f2d6c1e3b54/go.mod h1:irrKGvNn1InZwb2d7fkIRNucdfwR8R+Ts3wxYa/cJHg=",
	`"integrity": "sha512-` + mixed40 + mixed40 + `abcdef==",`,
	`"integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="`,
	"npm ERR! code ELIFECYCLE in /codebuild/output/src123456789/src/git-codecommit.eu-west-1.amazonaws.com/v1/repos/orders",
	"npm_config_cache=/var/cache/npm npm_lifecycle_event=test",
	"PWD=/codebuild/output/src123/src OLDPWD=/tmp",
	"SyntaxError: Unexpected token: punc (})",
	"error TS2345: Argument of type '(password: string) => void' is not assignable",
	"src/secret.go:12:3: undefined: token",
	"src/auth/token_test.go:45: got 3 tokens: 1, 2, 3",
	"--- FAIL: TestPasswordIsChecked (0.01s)",
	"PASS: 12 FAIL: 1 SKIP: 0",
	"ok  \tgithub.com/example/orders/internal/password\t0.012s\tcoverage: 91.2% of statements",
	"use of vault secret: none; token: null; password: ******",
	"password: ${DB_PASSWORD}",
	"token=$GITHUB_TOKEN make release --token $NPM_TOKEN",
	"docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
	"git clone git@github.com:example/orders.git && git clone ssh://git@github.com/example/orders.git",
	"https://unpkg.com/react@18.2.0/umd/react.js http://host:8080/path@v1.2.3",
	"https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/orders/view?region=eu-west-1",
	"Basic authentication is required; bearer of bad news",
	"task-0123456789abcdef0123456789abcdef disk-aaaaaaaabbbbbbbbccccccccdddddddd",
	"NextToken=AAAAbbbbCCCCdddd1111 SECRET_NAME=prod/db KEY_ID=1234abcd-12ab-34cd-56ef-1234567890ab",
	"\tat org.example.orders.InvoiceServiceImplementation.calculateTax(InvoiceServiceImplementation.java:142)",
	"components/InvoiceTable/useInvoiceRows42 components/InvoiceTableRow/InvoiceRow24",
	"std::token::Token::new(3) Token::Secret",
	"Call signature: (a: number) => void",
	`set token: "<your-token>" and private_key=./keys/deploy.pem`,
	"cookie:   ",
	"v1." + digits + digits + digits + ".short",
	"Größe: 3 µs, 日本語, 👩‍💻 done ✓",
	"-----BEGIN CERTIFICATE----- -----BEGIN PUBLIC KEY-----",
	redact.Hidden + " password=" + redact.Hidden + ", x=1",
}

func TestOrdinaryLinesStay(t *testing.T) {
	t.Parallel()
	for _, line := range ordinary {
		if got := redact.Line(line); got != line {
			t.Errorf("got  %s\nwant %s", got, line)
		}
	}
}

func TestWhatIsNotToBeSeenGoes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"colours", "\x1b[1;31mred\x1b[0m \x1b[38;5;208morange\x1b[m", "red orange"},
		{"a title and a link", "\x1b]0;title\x07a \x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "a link"},
		{"a sequence that never ends", "a\x1b]0;text", "a]0;text"},
		{"character sets and cursors", "\x1b(Ba\x1b7b\x1b[2Kc\u009b31md\x1b", "abcd"},
		{"an escape before a letter of two bytes", "\x1b(\u00e9", "(\u00e9"},
		{"control characters", "a\x00b\x08c\td\x7f\u0085", "abc\td"},
		{"a progress bar", "10%\r20%\r", "10% 20%"},
		{"direction marks", "\u202egnp.exe\u202c \u2066x\u2069\u200f", "gnp.exe x"},
		{"joiners in ASCII", "a\u200db 👩\u200d💻", "ab 👩\u200d💻"},
		{"broken UTF-8", "a\xffb", "a\uFFFDb"},
		{"line breaks stay", "a\r\nb\n", "a\nb\n"},
		{"separators of lines", "a\u2028b\vc", "a b c"},
	}
	for _, tt := range tests {
		if got := redact.Line(tt.in); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
