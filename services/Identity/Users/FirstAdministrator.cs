using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Users;

/// <summary>Makes the first administrator where there is no user yet; later starts change nothing.</summary>
internal sealed partial class FirstAdministrator(
    IOptions<AdministratorOptions> options,
    UuidGenerator ids,
    TimeProvider time,
    ILogger<FirstAdministrator> logger
) : IFirstStep
{
    public async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var work = services.GetRequiredService<UnitOfWork>();
        var db = await work.OpenAsync(cancellationToken);
        // Two instances that start together must not make one each.
        await db.ExecuteAsync("lock table users in share row exclusive mode");
        if (await db.ExecuteScalarAsync<bool>("select exists (select from users)"))
        {
            return;
        }

        var given = string.IsNullOrEmpty(options.Value.Password) ? null : options.Value.Password;
        var password = given ?? GeneratedSecret.New();
        var user = new UserRow(
            ids.Next(),
            options.Value.User,
            "Administrator",
            "",
            [UserRow.Administrator],
            Version: 1,
            time.Now()
        );
        await UserStore.InsertAsync(db, user, password);
        work.Tell(user.PublicId, new UserChanged { User = user.ToMessage() });
        work.AddAudit(
            Actor
                .System("identity")
                .Did("user.create", user.PublicId, team: null, after: user.ToDocument())
        );
        await work.CommitAsync(cancellationToken);
        if (given is null)
        {
            Log.MadeWithPassword(logger, user.Login, password);
        }
        else
        {
            Log.Made(logger, user.Login);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "First start: made the administrator '{Login}'")]
        public static partial void Made(ILogger logger, string login);

        // The one place where a password is shown: nobody else knows it, and it is not shown again.
        [LoggerMessage(
            LogLevel.Warning,
            "First start: made the administrator '{Login}' with the password {Password} . Keep it, it is not shown again; change it, the log has it"
        )]
        public static partial void MadeWithPassword(ILogger logger, string login, string password);
    }
}
