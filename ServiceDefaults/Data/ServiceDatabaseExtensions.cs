using System.Reflection;
using System.Runtime.CompilerServices;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Leadership;
using ApiSvc.ServiceDefaults.Migrations;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.Sealing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Data;

/// <summary>Gives a service its database.</summary>
public static class ServiceDatabaseExtensions
{
    /// <summary>
    /// Adds the data source, the migrations embedded in the calling assembly (<c>Migrations/0001_name.sql</c>), the
    /// scoped <see cref="UnitOfWork"/>, outbox, audit log, leadership and idempotency. The service starts without
    /// Postgres and is unready, with the reason, until it is there and migrated.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="connectionName">The name of the connection string: <c>catalogdb</c>.</param>
    /// <param name="assembly">Where the migrations are, if not in the calling assembly.</param>
    /// <exception cref="MigrationException">The migrations have a gap or a number twice.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHostApplicationBuilder AddServiceDatabase(
        this IHostApplicationBuilder builder,
        string connectionName,
        Assembly? assembly = null
    )
    {
        assembly ??= Assembly.GetCallingAssembly();
        var service = new ServiceIdentity(NameOf(assembly));
        IReadOnlyList<MigrationSet> migrations =
        [
            MigrationSet.Read("defaults", typeof(ServiceDatabaseExtensions).Assembly),
            MigrationSet.Read(service.Name, assembly),
        ];

        AddDataSource(builder, connectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(service);
        builder.Services.AddMetrics();
        AddMigrations(builder.Services, migrations);
        AddLeadership(builder);
        AddOutbox(builder);
        AddIdempotency(builder);
        builder.Services.AddScoped<UnitOfWork>();
        builder.Services.AddSingleton<AuditChain>();
        builder.Services.AddServiceCommand<VerifyAuditCommand>();
        return builder;
    }

    private static void AddDataSource(IHostApplicationBuilder builder, string connectionName) =>
        builder.Services.TryAddSingleton(services =>
        {
            var text = services
                .GetRequiredService<IConfiguration>()
                .GetConnectionString(connectionName);
            return string.IsNullOrEmpty(text)
                ? throw new InvalidOperationException(
                    $"ConnectionStrings:{connectionName} is missing."
                )
                : NpgsqlDataSource.Create(text);
        });

    private static void AddMigrations(
        IServiceCollection services,
        IReadOnlyList<MigrationSet> migrations
    )
    {
        services.AddSingleton<DatabaseReady>();
        services.AddSingleton(migrations);
        services.AddSingleton<MigrationRunner>();
        services.AddHostedService<MigrationService>();
        services.AddHealthChecks().AddCheck<MigrationHealthCheck>("migrations", tags: ["ready"]);
    }

    private static void AddLeadership(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<LeaderOptions>(LeaderOptions.Section);
        builder.Services.AddSingleton<LeaderElection>();
    }

    private static void AddOutbox(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<OutboxOptions>(OutboxOptions.Section);
        builder.Services.AddSingleton<OutboxMetrics>();
        builder.Services.AddHostedService<OutboxRelay>();
    }

    private static void AddIdempotency(IHostApplicationBuilder builder)
    {
        builder.AddSealing();
        builder.AddValidatedOptions<IdempotencyOptions>(IdempotencyOptions.Section);
        builder.Services.AddSealedColumn(IdempotencyStore.Body);
        builder.Services.AddSingleton<IdempotencyStore>();
        builder.Services.AddHostedService<IdempotencySweeper>();
    }

    // ApiSvc.Catalog is the service catalog.
#pragma warning disable CA1308 // The name is spelled in small letters everywhere.
    private static string NameOf(Assembly assembly) =>
        assembly.GetName().Name!.Split('.')[^1].ToLowerInvariant();
#pragma warning restore CA1308
}
