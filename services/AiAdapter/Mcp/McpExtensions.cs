using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.GrpcCalls;

namespace ApiSvc.AiAdapter.Mcp;

/// <summary>Registers MCP servers.</summary>
internal static class McpExtensions
{
    /// <summary>Adds servers of APIs in the Catalog.</summary>
    public static void AddMcp(this WebApplicationBuilder builder)
    {
        builder.AddMcpServers();
        builder.Services.AddServiceClient<Contracts.Catalog.V1.Apis.ApisClient>("catalog");
        builder.Services.AddSingleton<IToolSets, CatalogToolSets>();
    }

    /// <summary>Adds servers, without what tells of APIs.</summary>
    public static void AddMcpServers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<McpOptions>(McpOptions.Section);
        // The gateway's answers are what the tool answers: nothing is tried twice.
        services
            .AddHttpClient(ToolCaller.Client)
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    UseProxy = false,
                }
            );
        services.AddSingleton<ToolCaller>();
        services.AddSingleton<McpServer>();
    }
}
