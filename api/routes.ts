import { activityRoutes } from './activities.ts';
import { bookingRoutes } from './bookings.ts';
import { bulkRoutes } from './bulk.ts';
import { analysisPreviewRoutes } from './analysis-preview.ts';
import { analyzeRoutes } from './analyze.ts';
import { assessmentRoutes } from './assessments.ts';
import { attachmentRoutes } from './attachments.ts';
import { companyRoutes } from './companies.ts';
import { connectionRoutes } from './connections.ts';
import { contactRoutes } from './contacts.ts';
import { conversionRoutes } from './conversion.ts';
import { customerRoutes } from './customers.ts';
import { dealBoardRoutes } from './deal-board.ts';
import { dealBulkRoutes } from './deal-bulk.ts';
import { dealLineRoutes } from './deal-lines.ts';
import { dealReportRoutes } from './deal-reports.ts';
import { dealRoutes } from './deals.ts';
import { dashboardRoutes } from './dashboard.ts';
import { deliveryRoutes } from './deliveries.ts';
import { demoRoutes } from './demo.ts';
import { digestRoutes } from './digests.ts';
import { duplicateRoutes } from './duplicates.ts';
import { enrolmentRoutes } from './enrolments.ts';
import { findingRoutes } from './findings.ts';
import { fixRoutes } from './fixes.ts';
import { forecastRoutes } from './forecast.ts';
import { importRoutes } from './imports.ts';
import { insightRoutes } from './insights.ts';
import { invitationRoutes } from './invitations.ts';
import { leadScoreRoutes } from './lead-scores.ts';
import { leadRoutes } from './leads.ts';
import { linkRoutes } from './links.ts';
import { memberRoutes } from './members.ts';
import { mergeRoutes } from './merges.ts';
import { messageRoutes } from './messages.ts';
import { metricsRoutes } from './metrics-summary.ts';
import { notificationRoutes } from './notifications.ts';
import { resultRoutes } from './results.ts';
import { reportTemplateRoutes } from './report-templates.ts';
import { reviewRoutes } from './reviews.ts';
import { riskRoutes } from './risks.ts';
import { ruleBacktestRoutes } from './rule-backtest.ts';
import { customRuleRoutes } from './rule-custom.ts';
import { ruleOverrideRoutes } from './rule-overrides.ts';
import { ruleReviewRoutes } from './rule-review.ts';
import { ruleTryRoutes } from './rule-try.ts';
import { ruleRoutes } from './rules.ts';
import { sandboxRoutes } from './sandbox.ts';
import { scanRoutes } from './scan.ts';
import { scheduleRoutes } from './schedules.ts';
import { senderRoutes } from './senders.ts';
import { pipelineRoutes } from './pipelines.ts';
import { productRoutes } from './products.ts';
import { snapshotRoutes } from './snapshots.ts';
import type { OpenRoute, Route } from './route.ts';
import { sequenceRoutes } from './sequences.ts';
import { tagRoutes } from './tags.ts';
import { taskRoutes } from './tasks.ts';
import { taxonomyRoutes } from './taxonomies.ts';
import { templateRoutes } from './templates.ts';
import { todayRoutes } from './today.ts';
import { todayViewRoutes } from './today-views.ts';
import { tokenRoutes } from './tokens.ts';
import { touchRoutes } from './touches.ts';
import { viewRoutes } from './views.ts';
import { trackRoutes } from './track.ts';
import { whyRoutes } from './why.ts';
import { workspaceRoutes } from './workspaces.ts';

/** Every endpoint that speaks JSON. To add one is a file and a line here. */
export const routes: (Route | OpenRoute)[] = [
  ...workspaceRoutes,
  ...memberRoutes,
  ...invitationRoutes,
  ...tokenRoutes,
  ...leadRoutes,
  ...leadScoreRoutes,
  ...dealBoardRoutes,
  ...dealReportRoutes,
  ...dealBulkRoutes,
  ...dealRoutes,
  ...dealLineRoutes,
  ...pipelineRoutes,
  ...productRoutes,
  ...bookingRoutes,
  ...bulkRoutes,
  ...companyRoutes,
  ...contactRoutes,
  ...conversionRoutes,
  ...customerRoutes,
  ...linkRoutes,
  ...duplicateRoutes,
  ...mergeRoutes,
  ...dashboardRoutes,
  ...forecastRoutes,
  ...snapshotRoutes,
  ...metricsRoutes,
  ...trackRoutes,
  ...activityRoutes,
  ...attachmentRoutes,
  ...tagRoutes,
  ...taxonomyRoutes,
  ...taskRoutes,
  ...todayRoutes,
  ...todayViewRoutes,
  ...notificationRoutes,
  ...digestRoutes,
  ...importRoutes,
  ...analyzeRoutes,
  ...analysisPreviewRoutes,
  ...scanRoutes,
  ...connectionRoutes,
  ...deliveryRoutes,
  ...sequenceRoutes,
  ...templateRoutes,
  ...enrolmentRoutes,
  ...touchRoutes,
  ...scheduleRoutes,
  ...reviewRoutes,
  ...reportTemplateRoutes,
  ...senderRoutes,
  ...sandboxRoutes,
  ...messageRoutes,
  ...insightRoutes,
  ...resultRoutes,
  ...findingRoutes,
  ...fixRoutes,
  ...riskRoutes,
  ...ruleTryRoutes,
  ...ruleBacktestRoutes,
  ...ruleRoutes,
  ...ruleOverrideRoutes,
  ...customRuleRoutes,
  ...ruleReviewRoutes,
  ...assessmentRoutes,
  ...viewRoutes,
  ...whyRoutes,
  ...demoRoutes,
];
