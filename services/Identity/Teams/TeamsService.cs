using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;
using TeamMessage = ApiSvc.Contracts.Identity.V1.Team;

namespace ApiSvc.Identity.Teams;

/// <summary>Teams and their members over gRPC.</summary>
internal sealed class TeamsService(TeamStore teams, MemberStore members)
    : Contracts.Identity.V1.Teams.TeamsBase
{
    [RequirePermission("teams.read", Team = TeamSource.Any)]
    public override async Task<ListTeamsResponse> ListTeams(
        ListTeamsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(context, request.Limit, request.Cursor);
        var rows = await teams.ListAsync(context.GetHttpContext().GetCaller(), page);
        var (items, next) = page.ToPage(rows, t => t.Id, t => t.ToMessage());
        return new() { Teams = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission("teams.read", Team = TeamSource.Message, Field = "id")]
    public override async Task<TeamMessage> GetTeam(
        GetTeamRequest request,
        ServerCallContext context
    ) => (await teams.GetAsync(TeamOf(request.Id))).OrThrow().ToMessage();

    [RequirePermission("teams.create", Team = TeamSource.Platform)]
    public override Task<TeamMessage> CreateTeam(
        CreateTeamRequest request,
        ServerCallContext context
    ) =>
        IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
            {
                var input = MessageRules.Check(InputOf(request.Team), "team");
                return (await teams.CreateAsync(input, Actor.Of(context))).OrThrow().ToMessage();
            }
        );

    [RequirePermission("teams.write", Team = TeamSource.Message, Field = "team.id")]
    public override async Task<TeamMessage> UpdateTeam(
        UpdateTeamRequest request,
        ServerCallContext context
    ) =>
        (
            await teams.UpdateAsync(
                TeamOf(request.Team.Id),
                MessageRules.Check(InputOf(request.Team), "team"),
                version => MessageEtag.Check(request.Team.Etag, version, "#/team/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission("teams.write", Team = TeamSource.Message, Field = "id")]
    public override async Task<DeleteTeamResponse> DeleteTeam(
        DeleteTeamRequest request,
        ServerCallContext context
    ) =>
        await teams.DeleteAsync(
            TeamOf(request.Id),
            version => MessageEtag.Check(request.Etag, version, "#/etag"),
            Actor.Of(context)
        )
            is { } problem
            ? throw new ApiProblemException(problem)
            : new DeleteTeamResponse();

    [RequirePermission("members.read", Team = TeamSource.Message, Field = "team_id")]
    public override async Task<ListMembersResponse> ListMembers(
        ListMembersRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId
        );
        var rows = (await members.ListAsync(TeamOf(request.TeamId), page)).OrThrow();
        var (items, next) = page.ToPage(rows, m => m.UserId, m => m.ToMessage());
        return new() { Members = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission("members.write", Team = TeamSource.Message, Field = "team_id")]
    public override async Task<Member> SetMember(
        SetMemberRequest request,
        ServerCallContext context
    ) =>
        (
            await members.SetAsync(
                TeamOf(request.TeamId),
                UserOf(request.UserId),
                MessageRules.Check(new MemberInput { Roles = request.Roles }),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission("members.write", Team = TeamSource.Message, Field = "team_id")]
    public override async Task<RemoveMemberResponse> RemoveMember(
        RemoveMemberRequest request,
        ServerCallContext context
    ) =>
        await members.RemoveAsync(TeamOf(request.TeamId), UserOf(request.UserId), Actor.Of(context))
            is { } problem
            ? throw new ApiProblemException(problem)
            : new RemoveMemberResponse();

    private static TeamInput InputOf(TeamMessage? team) =>
        new()
        {
            Slug = team?.Slug ?? "",
            Name = team?.Name ?? "",
            Description = team?.Description ?? "",
        };

    // The permission was decided by it, so it can be read.
    private static Guid TeamOf(string id) => Id<TeamKind>.Parse(id).Value;

    private static Guid UserOf(string id) =>
        Id<UserKind>.TryParse(id, out var user)
            ? user.Value
            : throw new ApiProblemException(ApiProblem.NotFound);
}
