using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Analytics.Alerts;

/// <content>Channels.</content>
internal sealed partial class AlertsService
{
    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<ListAlertChannelsResponse> ListAlertChannels(
        ListAlertChannelsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId
        );
        var rows = await channels.ListAsync(TeamOf(request.TeamId), page);
        var (items, next) = page.ToPage(rows, row => row.Id, row => row.ToMessage());
        return new() { Channels = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<AlertChannel> GetAlertChannel(
        GetAlertChannelRequest request,
        ServerCallContext context
    ) =>
        (await channels.FindAsync(TeamOf(request.TeamId), IdOf<ChannelKind>(request.Id)))
            .OrThrow()
            .ToMessage();

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override Task<AlertChannelWithSecret> CreateAlertChannel(
        CreateAlertChannelRequest request,
        ServerCallContext context
    )
    {
        var input = MessageRules.Check(InputOf(request.Channel ?? new()), "channel");
        return IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
                ToMessage(
                    (
                        await channels.CreateAsync(
                            TeamOf(request.TeamId),
                            input,
                            InputPlace.Message("channel"),
                            Actor.Of(context)
                        )
                    ).OrThrow()
                )
        );
    }

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<AlertChannel> UpdateAlertChannel(
        UpdateAlertChannelRequest request,
        ServerCallContext context
    )
    {
        var channel = request.Channel ?? new();
        return (
            await channels.UpdateAsync(
                TeamOf(request.TeamId),
                IdOf<ChannelKind>(channel.Id),
                MessageRules.Check(InputOf(channel), "channel"),
                InputPlace.Message("channel"),
                version => MessageEtag.Check(channel.Etag, version, "#/channel/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();
    }

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<DeleteAlertChannelResponse> DeleteAlertChannel(
        DeleteAlertChannelRequest request,
        ServerCallContext context
    ) =>
        await channels.DeleteAsync(
            TeamOf(request.TeamId),
            IdOf<ChannelKind>(request.Id),
            version => MessageEtag.Check(request.Etag, version, "#/etag"),
            Actor.Of(context)
        )
            is { } problem
            ? throw new ApiProblemException(problem)
            : new();

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<AlertChannelWithSecret> RotateAlertChannelSecret(
        RotateAlertChannelSecretRequest request,
        ServerCallContext context
    ) =>
        ToMessage(
            (
                await channels.RotateAsync(
                    TeamOf(request.TeamId),
                    IdOf<ChannelKind>(request.Id),
                    Actor.Of(context)
                )
            ).OrThrow()
        );

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<AlertDelivery> TestAlertChannel(
        TestAlertChannelRequest request,
        ServerCallContext context
    ) =>
        (
            await tests.SendAsync(
                TeamOf(request.TeamId),
                IdOf<ChannelKind>(request.Id),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();

    private static AlertChannelWithSecret ToMessage(ChannelWithSecret made) =>
        new() { Channel = made.Channel.ToMessage(), Secret = made.Secret ?? "" };

    private static ChannelInput InputOf(AlertChannel channel) =>
        new()
        {
            Name = channel.Name,
            Kind = (ChannelType)(int)channel.Kind,
            Url = channel.Url,
            Addresses = channel.Addresses,
            Enabled = !channel.Disabled,
        };
}
