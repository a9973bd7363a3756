package deployment_test

// plants are violations, at least one for each rule.
var plants = []plant{
	{"functions are described and limited", below("WebFunction.Properties.Description"), nil, "WebFunction: says too little"},
	{"functions are described and limited", below("WebFunction.Properties.Timeout"), nil, "WebFunction: Timeout"},
	{"functions are described and limited", below("WebFunction.Properties.MemorySize"), "4096", "WebFunction: MemorySize"},
	{"functions are described and limited", below("Globals.Function.Tracing"), "PassThrough", "ApprovalFunction: is not traced"},

	{"functions log where logs end", below("WebFunction.Properties.LoggingConfig"), nil, "WebFunction: names no log group"},
	{"functions log where logs end", below("WebFunction.Properties.LoggingConfig.LogGroup"), ref("SlackLogs"), "WebFunction: shares the log group of SlackFunction"},
	{"functions log where logs end", below("WebLogs.Properties.RetentionInDays"), nil, "WebLogs: does not end"},

	{"functions have roles of their own", below("WebFunction.Properties.Role"), nil, "WebFunction: has no role"},
	{"functions have roles of their own", below("WebFunction.Properties.Role"), ref("SlackRole"), "WebFunction: shares the role of SlackFunction"},
	{"functions have roles of their own", below("WebRole.Properties.ManagedPolicyArns"), []any{"x"}, "WebFunction: has a managed policy"},
	{"functions have roles of their own", below("WebRole.Properties.AssumeRolePolicyDocument.Statement.0.Principal.Service"), "ec2.amazonaws.com", "WebFunction: its role is not for Lambda"},

	{"rules park what they cannot deliver", below("ApprovalActionRule.Properties.Targets.0.DeadLetterConfig"), nil, "ApprovalActionRule: a target has no dead-letter queue"},
	{"rules park what they cannot deliver", below("ApprovalActionRule.Properties.Targets.0.RetryPolicy"), nil, "ApprovalActionRule: a target has no RetryPolicy"},
	{"rules park what they cannot deliver", below("ApprovalActionRulePermission"), nil, "ApprovalActionRule: may not invoke"},
	{"rules park what they cannot deliver", below("ApprovalActionRule.Properties.Targets"), nil, "ApprovalActionRule: has no target"},

	{"dead-letter queues take from our rules only", below("EventDeadLettersPolicy"), nil, "EventDeadLetters: takes from []"},
	{"dead-letter queues take from our rules only", below("EventDeadLettersPolicy.Properties.PolicyDocument.Statement.0.Condition"), nil, "EventDeadLetters: takes from []"},
	{"dead-letter queues take from our rules only", below("EventDeadLettersPolicy.Properties.PolicyDocument.Statement.0.Condition.ArnEquals.aws:SourceArn"), "*", "EventDeadLetters: takes from [*]"},
	{"dead-letter queues take from our rules only", below("EventDeadLettersPolicy.Properties.PolicyDocument.Statement.0.Principal"), "*", "EventDeadLettersPolicy: allows something else"},

	{"asynchronous functions park what they cannot handle", below("ApprovalFunction.Properties.EventInvokeConfig"), nil, "ApprovalFunction: has no OnFailure queue"},

	{"queues are encrypted", below("VotesQueue.Properties.SqsManagedSseEnabled"), nil, "VotesQueue: is not encrypted"},
	{"queues are encrypted", below("VotesQueue.Properties.MessageRetentionPeriod"), nil, "VotesQueue: does not keep"},

	{"queues raise alarms", below("EventDeadLettersAlarm"), nil, "EventDeadLetters: no alarm watches its ApproximateNumberOfMessagesVisible"},
	{"queues raise alarms", below("VotesAgeAlarm.Properties.Threshold"), "100000", "VotesQueue: no alarm watches its ApproximateAgeOfOldestMessage"},
	{"queues raise alarms", below("CardsAgeAlarm"), nil, "CardsQueue: no alarm watches its ApproximateAgeOfOldestMessage"},
	{"queues raise alarms", below("CardsDeadLettersAlarm"), nil, "CardsDeadLetters: no alarm watches its ApproximateNumberOfMessagesVisible"},
	{"queues raise alarms", below("VotesDeadLetters.Properties.FifoQueue"), nil, "VotesQueue: its dead-letter queue is not of its kind"},

	{"queues keep order", below("CardsQueue.Properties.FifoThroughputLimit"), nil, "CardsQueue: its groups share"},
	{"queues keep order", below("CardsQueue.Properties.DeduplicationScope"), "queue", "CardsQueue: its groups share"},
	{"queues keep order", below("CardsQueue.Properties.ContentBasedDeduplication"), true, "CardsQueue: drops messages"},
	{"queues keep order", below("CardsSource.Properties.ScalingConfig"), nil, "CardsSource: its function may take up"},

	{"functions raise alarms", below("NotifyErrorsAlarm"), nil, "NotifyFunction: no alarm"},
	{"functions raise alarms", below("DeliverErrorsAlarm.Properties.Dimensions.0.Value"), ref("WebFunction"), "DeliverFunction: no alarm"},

	{"alarms reach operations", below("WebErrorsAlarm.Properties.AlarmActions"), nil, "WebErrorsAlarm: AlarmActions"},
	{"alarms reach operations", below("WebErrorsAlarm.Properties.AlarmDescription"), nil, "WebErrorsAlarm: does not say"},

	{"batches fail one by one", below("VotesSource.Properties.FunctionResponseTypes"), nil, "VotesSource: lacks ReportBatchItemFailures"},
	{"batches fail one by one", below("VotesQueue.Properties.VisibilityTimeout"), "60", "VotesSource: the VisibilityTimeout of VotesQueue"},
	{"batches fail one by one", below("ApprovalFunction.Properties.Timeout"), "60", "VotesSource: the VisibilityTimeout of VotesQueue"},

	{"permissions name what they allow", below("WebRole.Properties.Policies.0.PolicyDocument.Statement.0.Action"), "dynamodb:*", "WebRole: ReadApprovalLinkAndBadge allows dynamodb:*"},
	{"permissions name what they allow", below("WebRole.Properties.Policies.0.PolicyDocument.Statement.0.Resource"), "*", "WebRole: ReadApprovalLinkAndBadge allows any resource"},
	{"permissions name what they allow", below("WebRole.Properties.Policies.0.PolicyDocument.Statement.0.NotAction"), "x:Y", "WebRole: ReadApprovalLinkAndBadge says what is not"},

	{"the table survives", below("Table.DeletionPolicy"), nil, "Table: DeletionPolicy"},
	{"the table survives", below("Table.UpdateReplacePolicy"), "Delete", "Table: UpdateReplacePolicy"},
	{"the table survives", below("Table.Properties.PointInTimeRecoverySpecification"), nil, "Table: PointInTimeRecovery"},
	{"the table survives", below("Table.Properties.SSESpecification.SSEEnabled"), false, "Table: SSESpecification"},
	{"the table survives", below("Table.Properties.DeletionProtectionEnabled"), nil, "Table: DeletionProtectionEnabled"},
	{"the table survives", below("Table.Properties.TimeToLiveSpecification.AttributeName"), "expires", "Table: TimeToLiveSpecification"},

	{"the link key survives", below("LinkKey.DeletionPolicy"), nil, "LinkKey: DeletionPolicy"},
	{"the link key survives", below("LinkKey.Properties.KeySpec"), "SYMMETRIC_DEFAULT", "LinkKey: is no key for HMACs"},
	{"the link key survives", below("LinkKey.Properties.PendingWindowInDays"), "7", "LinkKey: can be deleted"},

	{"the api is throttled", below("HttpStage.Properties.DefaultRouteSettings.ThrottlingRateLimit"), nil, "HttpStage: ThrottlingRateLimit"},
	{"the api is throttled", below("HttpStage.Properties.DefaultRouteSettings.ThrottlingBurstLimit"), "10000", "HttpStage: ThrottlingBurstLimit"},

	{"the api has the routes that we promise", below("ApproveVoteRoute"), nil, "HttpApi: lacks POST /approve"},
	{"the api has the routes that we promise", below("ApproveVoteRoute.Properties.RouteKey"), "$default", "ApproveVoteRoute: $default is promised nowhere"},
	{"the api has the routes that we promise", below("WebIntegration.Properties.IntegrationUri"), ref("SlackFunction"), "ApprovePageRoute: GET /approve leads to SlackFunction"},
	{"the api has the routes that we promise", below("WebRoutesPermission"), nil, "ApprovePageRoute: the API may not invoke"},
	{"the api has the routes that we promise", below("BadgeRoutePermission"), nil, "BadgeRoute: the API may not invoke"},
	{"the api has the routes that we promise", below("WebIntegration.Properties.TimeoutInMillis"), "29000", "ApprovePageRoute: the API waits longer"},

	{"access logs hold no token", below("HttpStage.Properties.AccessLogSettings.Format"), "$context.requestId $context.queryString", "HttpStage: logs queryString"},
	{"access logs hold no token", below("HttpStage.Properties.AccessLogSettings"), nil, "HttpStage: has no access log"},

	{"secrets come by reference", below("Parameters.SlackToken"), mapping{"Type": "String"}, "SlackToken: takes a secret"},
	{"secrets come by reference", below("Parameters.SinkSecretArns.AllowedPattern"), nil, "SinkSecretArns: takes a secret"},
	{"secrets come by reference", below("Parameters.SinkSecretArns.Default"), "whsec_1", "SinkSecretArns: takes a secret"},
	{"secrets come by reference", below("Parameters.SlackBotTokenSecretArn.Default"), "xoxb-1", "SlackBotTokenSecretArn: takes a secret"},
	{"secrets come by reference", below("SlackFunction.Properties.Environment.Variables.SLACK_TOKEN_SECRET"), "xoxb-1", "SlackFunction: SLACK_TOKEN_SECRET is not"},

	{"outputs name every handle", below("Outputs.TableName"), nil, "Table: no output names it"},
	{"schedules park what they cannot deliver", below("ReconcileSchedule.Properties.Target.DeadLetterConfig"), nil, "ReconcileSchedule: has no dead-letter queue"},
	{"schedules park what they cannot deliver", below("ReconcileSchedule.Properties.Target.RetryPolicy"), nil, "ReconcileSchedule: does not try again"},
	{"schedules park what they cannot deliver", below("ScheduleRole.Properties.Policies.0.PolicyDocument.Statement.0.Action"), []any{"lambda:InvokeFunction", "lambda:UpdateFunctionCode"}, "ReconcileSchedule: its role allows"},
	{"schedules park what they cannot deliver", below("ScheduleRole.Properties.AssumeRolePolicyDocument.Statement.0.Condition"), nil, "ReconcileSchedule: its role is not for the schedules"},
	{"schedules park what they cannot deliver", below("ScheduleRole.Properties.AssumeRolePolicyDocument.Statement.0.Condition.StringEquals.aws:SourceArn"), ref("Table"), "ReconcileSchedule: its role is not for the schedules"},
	{"schedules park what they cannot deliver", below("ApprovalFunction.Properties.Environment.Variables.FUNCTION_ARN"), "arn", "ReconcileSchedule: ApprovalFunction takes itself"},
	{"schedules park what they cannot deliver", below("ApprovalFunction.Properties.Environment.Variables.SCHEDULE_ROLE_ARN"), ref("SweepRole"), "ReconcileSchedule: the schedules that ApprovalFunction makes"},
	{"schedules park what they cannot deliver", below("SweepSchedule.Properties.Target.RoleArn"), ref("ScheduleRole"), "SweepSchedule: its role allows"},

	{"schedules send what is understood", below("ReconcileSchedule.Properties.Target.Input"), "{}", "ReconcileSchedule: "},
	{"schedules send what is understood", below("ReconcileSchedule.Properties.Target.Input"), `{"id":"1","source":"aws.other","detail-type":"x","account":"1","region":"r","time":"2026-03-10T12:22:00Z","detail":{}}`, "ReconcileSchedule: sends a event.Ignored"},

	{"schedules send what is understood", below("SweepSchedule.Properties.Target.Input"), `{"id":"1","source":"signalbox","detail-type":"Signalbox Reconcile","account":"1","region":"r","time":"2026-03-10T12:22:00Z","detail":{}}`, "SweepSchedule: sends a event.ReconcileDue"},

	{"schedules of ours are out of reach", below("SweepSchedule.Properties.Name"), "every-minute", "ApprovalRole: SetAlarms reaches SweepSchedule"},
	{"schedules of ours are out of reach", below("ReconcileSchedule.Properties.Name"), "every-5-minutes", "ApprovalRole: SetAlarms reaches ReconcileSchedule"},

	{"roles are lent narrowly", below("ApprovalRole.Properties.Policies.0.PolicyDocument.Statement.10.Condition"), nil, "ApprovalRole: LendRoleToAlarms lends ScheduleRole"},
	{"roles are lent narrowly", below("ApprovalRole.Properties.Policies.0.PolicyDocument.Statement.10.Resource"), ref("WebRole"), "ApprovalRole: LendRoleToAlarms lends WebRole"},

	{"metrics that alarms watch are written", below("Parameters.LogLevel.AllowedValues"), []any{"INFO", "WARN"}, "GateBrokenAlarm: hears nothing when LogLevel is WARN"},

	{"regions and accounts are named", below("ApprovalRole.Properties.Policies.0.PolicyDocument.Statement.2.Condition"), nil, "ApprovalRole: AnswerApprovals is for any Region"},
	{"regions and accounts are named", below("ApprovalRole.Properties.Policies.0.PolicyDocument.Statement.1.Condition"), nil, "ApprovalRole: FindPipelines is for any Region"},
	{"regions and accounts are named", below("ApprovalRole.Properties.Policies.0.PolicyDocument.Statement.6.Fn::If.1.Condition"), nil, "ApprovalRole: VisitPipelineAccounts is for any account"},

	{"the bus takes from named accounts only", below("ApprovalActionRule.Properties.EventPattern.account"), nil, "ApprovalActionRule: takes events of any account"},
	{"the bus takes from named accounts only", below("ApprovalActionRule.Properties.EventPattern.account"), []any{"111122223333"}, "ApprovalActionRule: takes events of accounts that were not named"},
	{"the bus takes from named accounts only", below("PipelineAccountsPolicy.Properties.Statement.Principal"), "*", "PipelineAccountsPolicy: is for others"},
	{"the bus takes from named accounts only", below("PipelineAccountsPolicy.Properties.Statement.Action"), "events:*", "PipelineAccountsPolicy: allows more"},
	{"the bus takes from named accounts only", below("PipelineAccountsPolicy.Properties.Statement.Condition"), nil, "PipelineAccountsPolicy: lets others send"},

	{"the bus takes from named accounts only", below("PipelineAccountsPolicy.Properties.Statement.Condition.ForAllValues:StringEquals.events:source"), []any{"aws.codepipeline"}, "PipelineAccountsPolicy: lets others send"},
	{"the bus takes from named accounts only", below("NotifyBuildRule.Properties.EventPattern.account"), nil, "NotifyBuildRule: takes events of any account"},

	{"buckets keep evidence", below("AuditBucket.DeletionPolicy"), nil, "AuditBucket: DeletionPolicy"},
	{"buckets keep evidence", below("AuditBucket.Properties.ObjectLockEnabled"), nil, "AuditBucket: ObjectLockEnabled"},
	{"buckets keep evidence", below("AuditBucket.Properties.ObjectLockConfiguration.Rule"), nil, "AuditBucket: does not keep objects"},
	{"buckets keep evidence", below("AuditBucket.Properties.VersioningConfiguration"), nil, "AuditBucket: VersioningConfiguration"},
	{"buckets keep evidence", below("AuditBucket.Properties.BucketEncryption"), nil, "AuditBucket: is not encrypted"},
	{"buckets keep evidence", below("AuditBucket.Properties.PublicAccessBlockConfiguration.RestrictPublicBuckets"), nil, "AuditBucket: PublicAccessBlock"},
	{"buckets keep evidence", below("AuditBucketPolicy"), nil, "AuditBucket: can be used without TLS"},

	{"indexes hold keys", below("Table.Properties.GlobalSecondaryIndexes"), nil, "Table: has no index"},
	{"indexes hold keys", below("Table.Properties.GlobalSecondaryIndexes.0.Projection.ProjectionType"), "ALL", "Table: its index Open holds more"},

	{"outputs name every handle", below("Outputs.AuditBucketName"), nil, "AuditBucket: no output names it"},
	{"outputs name every handle", below("Outputs.TableName.Description"), nil, "TableName: an output without"},
}

// ref is !Ref id.
func ref(id string) mapping { return mapping{"Ref": id} }
