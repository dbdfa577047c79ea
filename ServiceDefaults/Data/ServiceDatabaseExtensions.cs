using System.Diagnostics;
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
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Data;

/// <summary>Gives a service its database.</summary>
public static class ServiceDatabaseExtensions
{
    /// <summary>The name of Kafka's connection string.</summary>
    public const string KafkaConnection = "kafka";

    /// <summary>
    /// Adds the data source, the migrations embedded in the calling assembly (<c>Migrations/0001_name.sql</c>), the
    /// scoped <see cref="UnitOfWork"/>, outbox, audit log, leadership and idempotency. The service starts without
    /// Postgres and is unready, with the reason, until it is there and migrated. Events go to Kafka (connection
    /// string <c>kafka</c>), or to the <see cref="IEventPublisher"/> that was registered before.
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

        builder.AddNpgsqlDataSource(
            connectionName,
            configureDataSourceBuilder: source => source.ConfigureTracing(TraceWithinTraces)
        );
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(service);
        builder.Services.AddMetrics();
        AddMigrations(builder.Services, migrations);
        AddLeadership(builder);
        AddOutbox(builder);
        AddIdempotency(builder);
        builder.Services.AddScoped<UnitOfWork>();
        builder.Services.AddSingleton<AuditChain>();
        builder.Services.AddValidatedOptions<AuditOptions>(AuditOptions.Section);
        builder.Services.AddServiceCommand<VerifyAuditCommand>();
        return builder;
    }

    // What polls and heartbeats ask, outside any trace, would be thousands of traces of one statement.
    private static void TraceWithinTraces(NpgsqlTracingOptionsBuilder tracing) =>
        tracing
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .ConfigureBatchFilter(_ => Activity.Current is not null)
            .EnablePhysicalOpenTracing(enable: false);

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
        builder.Services.AddValidatedOptions<LeaderOptions>(LeaderOptions.Section);
        builder.Services.AddSingleton<LeaderElection>();
    }

    private static void AddOutbox(IHostApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<OutboxOptions>(OutboxOptions.Section);
        AddPublisher(builder);
        builder.Services.AddSingleton<OutboxMetrics>();
        builder.Services.AddHostedService<OutboxRelay>();
    }

    private static void AddPublisher(IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(s => s.ServiceType == typeof(IEventPublisher)))
        {
            return;
        }

        builder.AddKafkaProducer<byte[]?, byte[]>(
            KafkaConnection,
            settings =>
            {
                KafkaEventPublisher.Configure(settings.Config);
                // The outbox keeps what Kafka does not take: without Kafka the service is as ready as with it.
                settings.DisableHealthChecks = true;
            }
        );
        builder.Services.AddSingleton<IEventPublisher, KafkaEventPublisher>();
    }

    private static void AddIdempotency(IHostApplicationBuilder builder)
    {
        builder.AddSealing();
        builder.Services.AddValidatedOptions<IdempotencyOptions>(IdempotencyOptions.Section);
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
