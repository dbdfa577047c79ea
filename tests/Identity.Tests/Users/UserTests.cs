using System.Net;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Users;
using ApiSvc.Testing;
using Dapper;
using Grpc.Core;
using Npgsql;

namespace ApiSvc.Identity.Tests.Users;

public sealed class UserTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private IdentityHost _host = null!;
    private ApiCaller _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IdentityHost.StartReadyAsync();
        _admin = await _host.AdminAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Create_WithRolesAndPassword_ShowsAllButThePassword()
    {
        var made = await CreateAsync("ann", ["operator", "auditor"], Password);

        made.ShouldBe(HttpStatusCode.Created).ETag.ShouldBe("\"1\"");
        made.Location!.ToString().ShouldBe($"/v1/users/{made.Id}");
        var read = await _admin.GetAsync($"/v1/users/{made.Id}");
        read.ShouldBe(HttpStatusCode.OK).Text.ShouldBe(made.Text);
        read.Body.GetProperty("platformRoles").GetArrayLength().ShouldBe(2);
        read.Text.ShouldNotContain("assword");
        var hash = await HashAsync("ann");
        hash.ShouldNotBeNull().ShouldNotContain(Password);
        PasswordHash.Verify(hash, Password).ShouldBeTrue();
        PasswordHash.Verify(hash, Password + "!").ShouldBeFalse();
        var log = string.Join('\n', _host.Logs.All);
        log.ShouldNotContain(Password);
        log.ShouldNotContain(hash);
    }

    [Fact]
    public async Task Create_LoginTaken_IsAConflictAndMakesNobody()
    {
        await CreateAsync("ann");

        var again = await CreateAsync("ann");
        var renamed = await CreateAsync("bob");
        var update = await _admin.PutAsync($"/v1/users/{renamed.Id}", Input("ann"), renamed.ETag);

        again.ShouldBe(HttpStatusCode.Conflict)["type"].ShouldEndWith("/login-taken");
        update.ShouldBe(HttpStatusCode.Conflict)["type"].ShouldEndWith("/login-taken");
        (await LoginsAsync()).ShouldBe(["admin", "ann", "bob"]);
    }

    [Fact]
    public async Task Create_Garbage_TellsAllViolations()
    {
        var answer = await _admin.PostAsync(
            "/v1/users",
            new
            {
                login = "No Login",
                name = "",
                email = "nobody",
                platformRoles = new[] { "No Role" },
                password = "short",
            }
        );

        answer
            .ShouldBe(HttpStatusCode.BadRequest)
            .Body.GetProperty("errors")
            .EnumerateArray()
            .Select(e => e.GetProperty("location").GetString())
            .ShouldBe(
                ["#/login", "#/name", "#/email", "#/platformRoles", "#/password"],
                ignoreOrder: true
            );
        answer.Text.ShouldNotContain("short");
    }

    [Fact]
    public async Task Update_OfWhatOthersChanged_IsRefusedAndKeepsThePassword()
    {
        var made = await CreateAsync("ann", password: Password);

        var changed = await _admin.PutAsync(
            $"/v1/users/{made.Id}",
            Input("ann", "Anna", ["auditor"]),
            made.ETag
        );
        var stale = await _admin.PutAsync($"/v1/users/{made.Id}", Input("eve"), made.ETag);
        var blind = await _admin.PutAsync($"/v1/users/{made.Id}", Input("eve"));

        changed.ShouldBe(HttpStatusCode.OK).ETag.ShouldBe("\"2\"");
        changed["name"].ShouldBe("Anna");
        stale.ShouldBe(HttpStatusCode.PreconditionFailed);
        blind.ShouldBe(HttpStatusCode.PreconditionRequired);
        PasswordHash.Verify((await HashAsync("ann"))!, Password).ShouldBeTrue();
    }

    [Fact]
    public async Task Update_WithAPassword_ReplacesIt()
    {
        var made = await CreateAsync("ann", password: Password);

        await _admin.PutAsync(
            $"/v1/users/{made.Id}",
            Input("ann", password: "another one, longer"),
            made.ETag
        );

        PasswordHash.Verify((await HashAsync("ann"))!, Password).ShouldBeFalse();
        PasswordHash.Verify((await HashAsync("ann"))!, "another one, longer").ShouldBeTrue();
    }

    [Fact]
    public async Task Delete_AUser_EndsItsMembershipsAndTellsOthers()
    {
        var team = await _admin.CreateTeamAsync("crew");
        var made = await CreateAsync("ann");
        await _admin.PutAsync(
            $"/v1/teams/{team}/members/{made.Id}",
            new { roles = new[] { "owner" } }
        );

        (await _admin.DeleteAsync($"/v1/users/{made.Id}", "\"7\"")).ShouldBe(
            HttpStatusCode.PreconditionFailed
        );
        (await _admin.DeleteAsync($"/v1/users/{made.Id}", made.ETag)).ShouldBe(
            HttpStatusCode.NoContent
        );

        (await _admin.GetAsync($"/v1/users/{made.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await _admin.GetAsync($"/v1/teams/{team}/members"))
            .Body.GetProperty("items")
            .GetArrayLength()
            .ShouldBe(0);
        await Eventually.HoldsAsync(
            () => _host.Events.Of<UserChanged>().Any(e => e.Deleted && e.User.Id == made.Id),
            "the event"
        );
    }

    [Fact]
    public async Task LastAdministrator_DeletedOrDemoted_StaysOne()
    {
        var first = (await _admin.GetAsync("/v1/users")).Body.GetProperty("items")[0];
        var path = $"/v1/users/{first.GetProperty("id").GetString()}";

        (await _admin.DeleteAsync(path, "*"))
            .ShouldBe(HttpStatusCode.Conflict)["type"]
            .ShouldEndWith("/last-administrator");
        (await _admin.PutAsync(path, Input("admin"), "*")).ShouldBe(HttpStatusCode.Conflict);
        await CreateAsync("second", ["admin"]);
        (await _admin.DeleteAsync(path, "*")).ShouldBe(HttpStatusCode.NoContent);
        (await LoginsAsync()).ShouldBe(["second"]);
    }

    [Fact]
    public async Task Grpc_TheSame_WithEtagsAndPassword()
    {
        var users = new Contracts.Identity.V1.Users.UsersClient(_host.Grpc);
        var input = new User
        {
            Login = "rpc",
            Name = "Rpc",
            Email = "rpc@example.org",
            PlatformRoles = { "operator" },
        };
        var create = new CreateUserRequest
        {
            User = input,
            Password = Password,
            IdempotencyKey = "k",
        };

        var made = await users.CreateUserAsync(create, _admin.Headers);
        (await users.CreateUserAsync(create, _admin.Headers)).ShouldBe(made);
        made.Name = "Changed";
        var changed = await users.UpdateUserAsync(new() { User = made }, _admin.Headers);
        var stale = await Should.ThrowAsync<RpcException>(async () =>
            await users.UpdateUserAsync(new() { User = made }, _admin.Headers)
        );

        stale.StatusCode.ShouldBe(StatusCode.Aborted);
        (await users.GetUserAsync(new() { Id = made.Id }, _admin.Headers)).ShouldBe(changed);
        PasswordHash.Verify((await HashAsync("rpc"))!, Password).ShouldBeTrue();
        await users.DeleteUserAsync(new() { Id = made.Id, Etag = changed.Etag }, _admin.Headers);
        (await LoginsAsync()).ShouldBe(["admin"]);
    }

    private Task<Answer> CreateAsync(
        string login,
        string[]? roles = null,
        string? password = null
    ) => _admin.PostAsync("/v1/users", Input(login, roles: roles, password: password));

    private static object Input(
        string login,
        string? name = null,
        string[]? roles = null,
        string? password = null
    ) =>
        new
        {
            login,
            name = name ?? login,
            email = $"{login}@example.org",
            platformRoles = roles ?? [],
            password,
        };

    private async Task<IEnumerable<string>> LoginsAsync() =>
        (await _admin.GetAsync("/v1/users"))
            .Body.GetProperty("items")
            .EnumerateArray()
            .Select(u => u.GetProperty("login").GetString()!);

    private async Task<string?> HashAsync(string login)
    {
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        return await db.ExecuteScalarAsync<string?>(
            "select password_hash from users where login = @login",
            new { login }
        );
    }
}
