using ApiSvc.Identity.ApiKeys;
using ApiSvc.Identity.Applications;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Discovery;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Invitations;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Mail;
using ApiSvc.Identity.OAuthClients;
using ApiSvc.Identity.PlatformClients;
using ApiSvc.Identity.Registration;
using ApiSvc.Identity.Roles;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.SignIn;
using ApiSvc.Identity.TeamClients;
using ApiSvc.Identity.Teams;
using ApiSvc.Identity.Tokens;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Confluent.Kafka;

namespace ApiSvc.Identity;

/// <summary>What Identity is made of.</summary>
internal static class IdentityExtensions
{
    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSessions();
        services.AddTokenIssuing();
        services.AddSignIn();
        services.AddSingleton<IServiceTokens, OwnServiceTokens>();
        services.AddServiceClient<Contracts.Catalog.V1.Applications.ApplicationsClient>("catalog");

        services.AddScoped<TeamStore>();
        services.AddScoped<MemberStore>();
        services.AddScoped<TeamClientStore>();
        services.AddScoped<UserStore>();
        services.AddScoped<ApplicationDirectory>();
        services.AddScoped<ApplicationEvents>();
        services.AddScoped<ApiKeyStore>();
        services.AddScoped<OAuthClientStore>();

        builder.AddGatewayCredentials();
        services.AddScoped<CredentialLog>();
        services.AddScoped<CredentialRevocation>();
        services.AddSingleton<KeyUseBook>();
        services.AddSingleton<ExpirySweeper>();
        services.AddHostedService(p => p.GetRequiredService<ExpirySweeper>());

        services.AddMail();
        services.AddScoped<RoleStore>();
        services.AddSingleton<RoleTableFeed>();
        services.AddHostedService(p => p.GetRequiredService<RoleTableFeed>());

        services.AddValidatedOptions<AdministratorOptions>(AdministratorOptions.Section);
        services.AddSingleton<IFirstStep, BuiltInRoleStep>();
        services.AddSingleton<IFirstStep, FirstAdministrator>();
        services.AddSingleton<IFirstStep, FirstPlatformClient>();
        services.AddSingleton<IssuerPublisher>();
        services.AddSingleton<IFirstStep>(p => p.GetRequiredService<IssuerPublisher>());
        services.AddSingleton<FirstSteps>();
        services.AddHostedService(p => p.GetRequiredService<FirstSteps>());
    }

    /// <summary>Takes in what the catalog tells of applications.</summary>
    public static void AddCatalogEvents(this WebApplicationBuilder builder)
    {
        builder.AddKafkaConsumer<byte[]?, byte[]>(
            ServiceDatabaseExtensions.KafkaConnection,
            settings =>
            {
                settings.Config.GroupId = CatalogEventConsumer.Group;
                settings.Config.EnableAutoCommit = false;
                settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
                // Without Kafka everything but the news of deletions works.
                settings.DisableHealthChecks = true;
            }
        );
        builder.Services.AddHostedService<CatalogEventConsumer>();
    }

    public static void MapIdentity(this WebApplication app)
    {
        app.UseClientAddress();
        app.UseCors();
        app.MapDiscovery();
        app.MapTokenIssuing();
        app.MapSignInPages();
        app.MapTeams();
        app.MapMembers();
        app.MapTeamClients();
        app.MapUsers();
        app.MapInvitations();
        app.MapRegistrations();
        app.MapRoles();
        app.MapSigningKeys();
        app.MapApiKeys();
        app.MapOAuthClients();
        app.MapGrpcService<TeamsService>();
        app.MapGrpcService<TeamClientsService>();
        app.MapGrpcService<UsersService>();
        app.MapGrpcService<RolesService>();
        app.MapGrpcService<ApplicationCredentialsService>();
        app.MapGrpcService<MailService>();
        app.MapGatewayCredentials();
    }
}
