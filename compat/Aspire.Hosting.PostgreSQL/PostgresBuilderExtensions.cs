using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Postgres servers and databases.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a server: a private cluster of the machine's Postgres.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="userName">The superuser; null: <c>postgres</c>.</param>
    /// <param name="password">Its password; null: generated and kept.</param>
    /// <param name="port">Its port; null: a free one.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null
    )
    {
        var secret =
            password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(
                builder,
                $"{name}-password",
                special: false
            );
        var server = new PostgresServerResource(name, userName?.Resource, secret);
        AddCheck(builder, server.Name, server);
        return builder
            .AddResource(server)
            .WithEndpoint(port: port, targetPort: port, name: PostgresServerResource.EndpointName)
            .WithAnnotation(new PostgresServer(server))
            .WithHealthCheck(CheckOf(name));
    }

    /// <summary>Adds a database, which is created when the server is healthy.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="databaseName">Its name in the server; null: the resource's.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder,
        string name,
        string? databaseName = null
    )
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Add(name, database.DatabaseName);
        AddCheck(builder.ApplicationBuilder, name, database);
        return builder.ApplicationBuilder.AddResource(database).WithHealthCheck(CheckOf(name));
    }

    /// <summary>Keeps the data when the application ends.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">A folder in the data folder; null: the resource's name.</param>
    /// <param name="isReadOnly">Has to be false: the server writes.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder,
        string? name = null,
        bool isReadOnly = false
    )
    {
        if (isReadOnly)
        {
            throw new DistributedApplicationException("A Postgres server needs to write its data.");
        }

        return builder.WithAnnotation(new KeptDataAnnotation(name ?? builder.Resource.Name));
    }

    private static string CheckOf(string name) => $"{name}_check";

    private static void AddCheck(
        IDistributedApplicationBuilder builder,
        string name,
        IResourceWithConnectionString resource
    ) =>
        builder
            .Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    CheckOf(name),
                    _ => new PostgresCheck(resource),
                    failureStatus: null,
                    tags: null
                )
            );
}
