using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Npgsql;

namespace ApiSvc.Identity.Users;

/// <summary>A row of the table <c>users</c>, without the password's hash.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record UserRow(
    Guid Id,
    string Login,
    string Name,
    string Email,
    string[] PlatformRoles,
    long Version,
    DateTime CreatedAt,
    DateTime? DisabledAt = null
)
{
    public const string Columns =
        "id, login, name, email, platform_roles as platformRoles, version, created_at as createdAt, disabled_at as disabledAt";

    public const string Administrator = "admin";

    public string PublicId => new Id<UserKind>(Id).ToString();

    public bool IsAdministrator => PlatformRoles.Contains(Administrator);

    public UserDocument ToDocument() =>
        new(
            new(Id),
            Login,
            Name,
            Email,
            PlatformRoles,
            CreatedAt.ToOffset(),
            DisabledAt.ToOffset()
        );

    public User ToMessage() =>
        new()
        {
            Id = PublicId,
            Login = Login,
            Name = Name,
            Email = Email,
            PlatformRoles = { PlatformRoles },
            Etag = MessageEtag.Of(Version),
            CreatedAt = CreatedAt.ToTimestamp(),
        };

    public static Task<UserRow?> FindAsync(NpgsqlConnection db, Guid id, bool isLocked = false) =>
        db.QuerySingleOrDefaultAsync<UserRow>(
            $"select {Columns} from users where id = @id {(isLocked ? "for update" : "")}",
            new { id }
        );
}
