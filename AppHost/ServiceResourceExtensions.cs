using Microsoft.Extensions.Hosting;

namespace ApiSvc.AppHost;

/// <summary>What the services of the suite have in common as resources.</summary>
internal static class ServiceResourceExtensions
{
    // Letters and digits that hold 256 bits, and 32 bytes when they are read as base64.
    private const int SecretLength = 43;

    /// <summary>Adds a service with its three endpoints, and a key of its own for what it seals.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder,
        string name
    )
        where TProject : IProjectMetadata, new() =>
        builder
            .AddProject<TProject>(name)
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .ListensAt("http", "http")
            .ListensAt("grpc", "http")
            .WithEndpoint("grpc", endpoint => endpoint.Transport = "http2")
            .ListensAt("management", "http")
            .WithHttpHealthCheck("/health", endpointName: "management")
            .WithEnvironment("Sealing__ActiveKey", "first")
            .WithEnvironment(
                "Sealing__Keys__first",
                $"{builder.AddGeneratedSecret($"{name}-sealing-key")}="
            );

    /// <summary>Adds a random secret, made at the first start and kept.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(
        this IDistributedApplicationBuilder builder,
        string name
    ) =>
        builder.AddParameter(
            name,
            new GenerateParameterDefault { MinLength = SecretLength, Special = false },
            secret: true,
            persist: true
        );

    /// <summary>Gives Identity its first administrator, a client and a user, with secrets made at the first start.</summary>
    public static IResourceBuilder<ProjectResource> WithAdministrator(
        this IResourceBuilder<ProjectResource> identity
    )
    {
        var builder = identity.ApplicationBuilder;
        return identity
            .WithEnvironment(
                "Issuer__Clients__admin__Secret",
                builder.AddGeneratedSecret("admin-client-secret")
            )
            .WithEnvironment("Issuer__Clients__admin__Roles__0", "admin")
            .WithEnvironment("Administrator__User", "admin")
            .WithEnvironment(
                "Administrator__Password",
                builder.AddGeneratedSecret("admin-password")
            );
    }

    /// <summary>Keeps what the service has on its own disk in the data folder.</summary>
    public static IResourceBuilder<ProjectResource> WithStateIn(
        this IResourceBuilder<ProjectResource> service,
        DataFolder data
    ) =>
        service.WithEnvironment(context =>
            context.EnvironmentVariables["State__Folder"] = data.File(service.Resource.Name)
        );

    /// <summary>Puts e-mail into the data folder, where no mail server is set.</summary>
    public static IResourceBuilder<ProjectResource> WithMailIn(
        this IResourceBuilder<ProjectResource> identity,
        DataFolder data
    ) =>
        identity.WithEnvironment(context =>
        {
            if (
                !context.ExecutionContext.IsPublishMode
                && Environment.GetEnvironmentVariable("Mail__Host") is null
            )
            {
                context.EnvironmentVariables["Mail__Folder"] = data.File("mail");
            }
        });

    /// <summary>Keeps what waits for Kafka in the data folder.</summary>
    public static IResourceBuilder<ProjectResource> WithSpoolIn(
        this IResourceBuilder<ProjectResource> service,
        DataFolder data
    ) =>
        service.WithEnvironment(context =>
            context.EnvironmentVariables["Spool__Folder"] = data.File(
                $"{service.Resource.Name}-spool"
            )
        );

    /// <summary>Connects the service, which starts when the other is there.</summary>
    public static IResourceBuilder<ProjectResource> Needs(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<IResourceWithConnectionString> other
    ) => service.WithReference(other).WaitFor(other);

    /// <summary>Makes the service a client of the issuer, whose tokens it takes.</summary>
    /// <param name="service">The service.</param>
    /// <param name="issuer">Identity.</param>
    /// <param name="waits">Whether the service starts only when the issuer is there.</param>
    public static IResourceBuilder<ProjectResource> WithTokensOf(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<ProjectResource> issuer,
        bool waits = true
    )
    {
        var name = service.Resource.Name;
        var secret = service.ApplicationBuilder.AddGeneratedSecret($"{name}-client-secret");
        issuer.WithEnvironment($"Issuer__Clients__{name}__Secret", secret);
        service
            .WithEnvironment("Tokens__Issuer", issuer.GetEndpoint("https"))
            .WithEnvironment("Tokens__ClientId", name)
            .WithEnvironment("Tokens__ClientSecret", secret);
        if (service.Resource == issuer.Resource)
        {
            return service;
        }

        // Within the suite the issuer is reached without a certificate.
        var inside = issuer.GetEndpoint("http");
        service
            .WithEnvironment("Tokens__JwksUri", $"{inside}/.well-known/jwks.json")
            .WithEnvironment("Tokens__TokenEndpoint", $"{inside}/connect/token")
            .WithReference(issuer);
        return waits ? service.WaitFor(issuer) : service;
    }

    /// <summary>Adds the endpoint <c>https</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithHttps(
        this IResourceBuilder<ProjectResource> service,
        DevelopmentCertificate certificate
    ) =>
        service
            .ListensAt("https", "https")
            .WithEnvironment(context =>
            {
                const string Key = "Kestrel__Endpoints__https__Certificate__";
                context.EnvironmentVariables[Key + "Path"] = certificate.CertificatePath;
                context.EnvironmentVariables[Key + "KeyPath"] = certificate.KeyPath;
            });

    /// <summary>Opens endpoints to callers outside the suite.</summary>
    public static void IsOpenAt(
        this IResourceBuilder<ProjectResource> service,
        params ReadOnlySpan<string> endpoints
    )
    {
        foreach (var name in endpoints)
        {
            service.WithEndpoint(name, endpoint => endpoint.IsExternal = true);
        }
    }

    // By its name and not by ASPNETCORE_URLS: the services tell their endpoints apart.
    private static IResourceBuilder<ProjectResource> ListensAt(
        this IResourceBuilder<ProjectResource> service,
        string name,
        string scheme
    )
    {
        var builder = service.ApplicationBuilder;
        var host = builder.ExecutionContext.IsPublishMode ? "*" : "localhost";
        service.WithEndpoint(scheme: scheme, name: name, env: $"APISVC_PORT_{name}");
        var port = service.GetEndpoint(name).Property(EndpointProperty.TargetPort);
        return service.WithEnvironment(
            $"Kestrel__Endpoints__{name}__Url",
            $"{scheme}://{host}:{port}"
        );
    }
}
