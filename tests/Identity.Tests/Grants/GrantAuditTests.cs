using System.Net;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Identity.Tests.GatewayCredentials;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.Grants;

/// <summary>What users give and take is in the audit log, under the team of the client; gateways hear of what ended.</summary>
public sealed class GrantAuditTests(SharedIdentity identity) : CodeFlowTests(identity)
{
    [Fact]
    public async Task SignIn_FromRefusalToSignOut_IsRecordedUnderTheClientsTeam()
    {
        var page = await Flow.AuthorizeAsync();
        await Flow.Browser.SubmitAsync(page, ("decision", "refuse"));
        var tokens = await Flow.TokensAsync(("scope", "openid"));
        await Flow.Browser.GetAsync($"/connect/end-session?id_token_hint={tokens["id_token"]}");

        await using var db = new NpgsqlConnection(Flow.Host.ConnectionString);
        var entries = (
            await db.QueryAsync<(string Action, string Actor, string Client, Guid? Team)>(
                "select action, actor, client_id, team from service.audit_log where client_id = @ClientId order by position",
                new { Flow.ClientId }
            )
        ).AsList();
        entries
            .Select(e => e.Action)
            .ShouldBe([
                "consent.refuse",
                "consent.give",
                "grant.create",
                "grant.revoke",
                "session.end",
            ]);
        entries.ShouldAllBe(e => e.Actor == Flow.User);
        var team = Id<TeamKind>.Parse(Flow.Team).Value;
        entries.Where(e => e.Action != "session.end").ShouldAllBe(e => e.Team == team);
    }

    [Fact]
    public async Task AccessTokens_OfAReusedRefreshToken_AreToldToTheGateways()
    {
        using var follower = await CredentialFollower.OpenAsync(Flow.Host);
        var first = await Flow.TokensAsync();
        var second = (await Flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        (await Flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");

        foreach (var answer in (Answer[])[first, second])
        {
            var id = new JsonWebToken(answer["access_token"]).Id;
            await follower.UntilAsync(() => follower.Has(CredentialKind.RevokedToken, id));
        }
    }
}
