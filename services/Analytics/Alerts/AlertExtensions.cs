using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.Analytics.Alerts.Deliveries;
using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.History;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Analytics.Alerts.Silences;
using ApiSvc.Analytics.Webhooks;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Sealing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiSvc.Analytics.Alerts;

/// <summary>Alerts on thresholds: rules, their evaluation, and whom to tell.</summary>
internal static class AlertExtensions
{
    public static void AddAlerts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<AlertOptions>(AlertOptions.Section);
        services.AddSealedColumn(ChannelRow.SecretColumn);
        services
            .AddGuardedHttpClient(WebhookCaller.Client)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        services.AddServiceClient<Contracts.Identity.V1.Mail.MailClient>("identity");

        services.AddScoped<AlertRuleRegistry>().AddScoped<ChannelRegistry>();
        services.AddScoped<SilenceRegistry>().AddScoped<ChannelTests>();
        services.AddSingleton<ChannelAddresses>();
        services.AddSingleton<AlertList>().AddSingleton<DeliveryList>();

        services.AddSingleton<AlertMetrics>();
        services.TryAddSingleton<IMetricReader, QueriedMetrics>();
        services.AddScoped<AlertWriter>().AddSingleton<NotificationWriter>();
        services.AddSingleton<EvaluationRound>();
        services.AddHostedService<AlertEvaluation>();

        services.AddSingleton<WebhookCaller>();
        services.AddSingleton<IChannelSender, WebhookSender>();
        services.AddSingleton<IChannelSender, SlackSender>();
        services.AddSingleton<IChannelSender, EmailSender>();
        services.AddSingleton<DeliveryQueue>().AddSingleton<DeliveryWork>();
        services.AddHostedService<DeliveryLoop>();
    }

    public static void MapAlerts(this WebApplication app)
    {
        var routes = app.MapGroup("/v1/teams/{teamId}");
        var team = Team.FromRoute("teamId");
        routes.MapAlertRules(team);
        routes.MapAlertList(team);
        routes.MapSilences(team);
        routes.MapChannels(team);
        routes.MapDeliveries(team);
        app.MapGrpcService<AlertsService>();
    }
}
