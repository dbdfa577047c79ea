using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>What <c>/caller</c> answers: who the caller is to this service, and with which roles.</summary>
internal sealed record CallerDocument(
    CallerKind Kind,
    string Subject,
    string? ClientId,
    IReadOnlyList<string> Roles,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Teams
)
{
    public static CallerDocument Of(Caller caller) =>
        new(
            caller.Kind,
            caller.Subject,
            caller.ClientId,
            [.. caller.PlatformRoles.Order(StringComparer.Ordinal)],
            caller.TeamRoles.ToDictionary(
                team => new Id<TeamKind>(team.Key).ToString(),
                IReadOnlyList<string> (team) => [.. team.Value.Order(StringComparer.Ordinal)]
            )
        );
}
