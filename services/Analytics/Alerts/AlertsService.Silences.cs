using ApiSvc.Analytics.Alerts.Silences;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Analytics.Alerts;

/// <content>Silences.</content>
internal sealed partial class AlertsService
{
    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<ListAlertSilencesResponse> ListAlertSilences(
        ListAlertSilencesRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId,
            request.Ended.ToString()
        );
        var rows = await silences.ListAsync(TeamOf(request.TeamId), request.Ended, page);
        var (items, next) = page.ToPage(rows, row => row.Id, row => row.ToMessage());
        return new() { Silences = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override Task<AlertSilence> CreateAlertSilence(
        CreateAlertSilenceRequest request,
        ServerCallContext context
    )
    {
        var input = MessageRules.Check(InputOf(request.Silence ?? new()), "silence");
        return IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
                (
                    await silences.CreateAsync(
                        TeamOf(request.TeamId),
                        input,
                        InputPlace.Message("silence"),
                        Actor.Of(context)
                    )
                )
                    .OrThrow()
                    .ToMessage()
        );
    }

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<DeleteAlertSilenceResponse> DeleteAlertSilence(
        DeleteAlertSilenceRequest request,
        ServerCallContext context
    ) =>
        await silences.DeleteAsync(
            TeamOf(request.TeamId),
            IdOf<SilenceKind>(request.Id),
            Actor.Of(context)
        )
            is { } problem
            ? throw new ApiProblemException(problem)
            : new();

    private static SilenceInput InputOf(AlertSilence silence) =>
        new()
        {
            RuleId = FilterBy<AlertRuleKind>(silence.RuleId, "#/silence/rule_id") is { } rule
                ? new Id<AlertRuleKind>(rule)
                : null,
            Filters = AlertFilters.Read(silence.Filters),
            StartsAt = silence.StartsAt?.ToDateTimeOffset(),
            // Without it, it would end before it began.
            EndsAt = silence.EndsAt?.ToDateTimeOffset() ?? DateTimeOffset.MinValue,
            Comment = silence.Comment,
        };
}
