using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Identity.Keys;

/// <summary>The signing keys over REST, for those who run the platform. Private halves are nowhere.</summary>
internal static class SigningKeysApi
{
    public static void MapSigningKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/signing-keys");
        keys.MapGet("", ListAsync).RequirePermission("signing-keys.read", Team.Platform);
        keys.MapPost("/rotate", RotateAsync).RequirePermission("signing-keys.write", Team.Platform);
        keys.MapPost("/{keyId}/revoke", RevokeAsync)
            .RequirePermission("signing-keys.write", Team.Platform);
    }

    private static async Task<SigningKeyList> ListAsync(
        NpgsqlDataSource database,
        IOptions<SigningKeyOptions> options,
        TimeProvider time
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = (
            await db.QueryAsync<SigningKeyRow>(
                $"select {SigningKeyRow.Columns} from signing_keys order by algorithm, created_at, id"
            )
        ).AsList();
        var now = time.Now();
        return new([
            .. rows.Select(r =>
            {
                var retired = SigningKeySchedule.RetiredAt(r, rows);
                return new SigningKeyDocument(
                    r.KeyId,
                    r.Algorithm,
                    SigningKeySchedule.PhaseOf(r, rows, now),
                    r.CreatedAt.ToOffset(),
                    r.SignsFrom.ToOffset(),
                    retired.ToOffset(),
                    (retired + options.Value.KeepRetired).ToOffset()
                );
            }),
        ]);
    }

    private static async Task<SigningKeyList> RotateAsync(
        Actor actor,
        SigningKeyRotation rotation,
        NpgsqlDataSource database,
        IOptions<SigningKeyOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await rotation.RotateAsync(actor, cancellationToken);
        return await ListAsync(database, options, time);
    }

    private static async Task<Results<Ok<SigningKeyList>, ApiProblem>> RevokeAsync(
        Guid keyId,
        Actor actor,
        SigningKeyRotation rotation,
        NpgsqlDataSource database,
        IOptions<SigningKeyOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        await rotation.RevokeAsync(keyId, actor, cancellationToken) is { } problem
            ? problem
            : TypedResults.Ok(await ListAsync(database, options, time));

    /// <summary>All of them: they are few.</summary>
    internal sealed record SigningKeyList(IReadOnlyList<SigningKeyDocument> Items);
}

/// <summary>A signing key as it is shown.</summary>
/// <param name="KeyId">The <c>kid</c>.</param>
/// <param name="Algorithm">What it signs by.</param>
/// <param name="Phase">What it is for now.</param>
/// <param name="CreatedAt">Since when it is published.</param>
/// <param name="SignsFrom">From when it signs; null: not decided yet.</param>
/// <param name="RetiredAt">From when the next one signs; null: not decided yet.</param>
/// <param name="RemovedAt">Until when it is published.</param>
internal sealed record SigningKeyDocument(
    string KeyId,
    string Algorithm,
    SigningKeyPhase Phase,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SignsFrom,
    DateTimeOffset? RetiredAt,
    DateTimeOffset? RemovedAt
);
