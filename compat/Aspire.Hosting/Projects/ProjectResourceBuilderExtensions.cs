using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Projects;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">Its generated class: <c>Projects.Catalog</c>.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        string name
    )
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject().ProjectPath);

    /// <summary>Adds a project by its file, from the AppHost's folder.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        string projectPath
    ) => Add(builder, name, Path.GetFullPath(projectPath, builder.AppHostDirectory));

    /// <summary>Runs the project several times.</summary>
    /// <remarks>Callers get the address of each: <c>services__NAME__http__0</c>, <c>__1</c> and so on.</remarks>
    public static IResourceBuilder<ProjectResource> WithReplicas(
        this IResourceBuilder<ProjectResource> builder,
        int replicas
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicas);
        return builder.WithAnnotation(
            new ReplicaAnnotation(replicas),
            ResourceAnnotationMutationBehavior.Replace
        );
    }

    private static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder,
        string name,
        string projectPath
    )
    {
        if (!File.Exists(projectPath))
        {
            throw new DistributedApplicationException(
                $"The project of the resource '{name}' does not exist: {projectPath}"
            );
        }

        var folder = Path.GetDirectoryName(projectPath)!;
        var endpoints = KestrelEndpoints.Read(folder);
        var project = builder
            .AddResource(new ProjectResource(name))
            .WithAnnotation<IProjectMetadata>(new ProjectMetadata(projectPath))
            .WithAnnotation(new ProjectServer(projectPath));
        foreach (var (endpoint, scheme) in endpoints)
        {
            project.WithAnnotation(
                new EndpointAnnotation(ProtocolType.Tcp, uriScheme: scheme, name: endpoint)
            );
        }

        return project.WithEnvironment(context =>
        {
            context.EnvironmentVariables["ASPNETCORE_ENVIRONMENT"] = builder
                .Environment
                .EnvironmentName;
            ProjectEnvironment.AddEndpoints(context, usesKestrelNames: endpoints.Count > 0);
            ProjectEnvironment.AddTelemetry(
                context,
                context.ExecutionContext.Dashboard,
                builder.Environment.IsDevelopment()
            );
        });
    }
}
