using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Users;

/// <summary>What is known of a user who wants to sign in, or has.</summary>
internal sealed record SignInUser(
    Guid Id,
    string Login,
    string Name,
    string Email,
    string? PasswordHash,
    DateTime? PasswordChangedAt,
    DateTime? DisabledAt
)
{
    private const string Columns =
        "id, login, name, email, password_hash as passwordHash, password_changed_at as passwordChangedAt, disabled_at as disabledAt";

    public string PublicId => new Id<UserKind>(Id).ToString();

    public static Task<SignInUser?> FindAsync(
        NpgsqlConnection db,
        Guid id,
        bool isLocked = false
    ) =>
        db.QuerySingleOrDefaultAsync<SignInUser>(
            $"select {Columns} from users where id = @id {(isLocked ? "for no key update" : "")}",
            new { id }
        );

    /// <summary>On a connection of its own, which is given back at once.</summary>
    public static async Task<SignInUser?> FindAsync(
        NpgsqlDataSource database,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(db, id);
    }

    /// <summary>The same by login or e-mail address.</summary>
    public static async Task<SignInUser?> FindAsync(
        NpgsqlDataSource database,
        string loginOrEmail,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(db, loginOrEmail);
    }

    /// <summary>By login, or by an e-mail address that no other user has.</summary>
    public static async Task<SignInUser?> FindAsync(NpgsqlConnection db, string loginOrEmail)
    {
        var entered = Normalize(loginOrEmail);
        var found = (
            await db.QueryAsync<SignInUser>(
                $"""
                select {Columns} from users
                where login = @entered or (lower(email) = @entered and @entered like '%@%') order by login = @entered desc limit 2
                """,
                new { entered }
            )
        ).AsList();
        return found switch
        {
            [var one] => one,
            [var first, _] when first.Login == entered => first,
            _ => null,
        };
    }

    /// <summary>All with this address.</summary>
    public static async Task<List<SignInUser>> FindByEmailAsync(
        NpgsqlConnection db,
        string email
    ) =>
        (
            await db.QueryAsync<SignInUser>(
                $"select {Columns} from users where lower(email) = @email order by id",
                new { email = Normalize(email) }
            )
        ).AsList();

    public static string Normalize(string loginOrEmail) => loginOrEmail.Trim().ToLowerInvariant();

    public override string ToString() => $"{PublicId} {Login}";
}
