using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Gateway.CallRecords;
using ApiSvc.Gateway.Calls;
using ApiSvc.Gateway.State;
using ApiSvc.Gateway.Sync;
using ApiSvc.Gateway.Tests.Calls;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Gateway.Tests.CallRecords;

public sealed class CallRecordFormatTests(Lanes lanes)
{
    private readonly CallRecordFormat _format = new(
        new CallRecordOptions(),
        new GatewayOptions { Node = new string('n', 2_000) }
    );

    [Fact]
    public async Task Write_OrdinaryCall_AllocatesNothing()
    {
        var scene = await Scene.PutAsync(lanes);
        var exchange = await RunAsync(scene.Call(path: "/items/7?a=1&token=x"));
        var room = new byte[CallRecordFormat.MaxLength];
        Allocations.Of(() => _format.Write(exchange, room)).ShouldBe(0);
        CallRecord
            .Parser.ParseFrom(room, 0, _format.Write(exchange, room))
            .OperationTemplate.ShouldBe("/items/{id}");
    }

    [Fact]
    public async Task Write_EverythingTooLong_IsCutAndFits()
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
            {
                s.Get.OperationId = new string('o', 5_000);
                s.Api.OnlyOperations = false;
            }
        );
        var call = scene.Call(
            method: "GET",
            path: "/items/" + new string('p', 3_000) + "?q=" + new string('q', 3_000)
        );
        var exchange = await RunAsync(call);
        exchange.Measure.UserAgent = System.Text.Encoding.Latin1.GetBytes(
            new string('\u00e9', 5_000)
        );
        exchange.Measure.Forward("http://" + new string('u', 5_000));
        var room = new byte[CallRecordFormat.MaxLength];
        var record = CallRecord.Parser.ParseFrom(room, 0, _format.Write(exchange, room));
        record.Path.Length.ShouldBe(2_048);
        record.Query.Length.ShouldBe(2_048);
        record.UserAgent.ShouldBe(new string('\u00e9', 256));
        record.OperationId.Length.ShouldBe(512);
        record.UpstreamAddress.Length.ShouldBe(512);
        record.Node.Length.ShouldBe(512);
    }

    [Fact]
    public void Write_AnyTarget_IsReadable() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                var exchange = new MemoryExchange(
                    new("GET", "/" + System.Text.Encoding.Latin1.GetString(bytes)),
                    GatewayState.Empty,
                    DateTimeOffset.UnixEpoch
                );
                var room = new byte[CallRecordFormat.MaxLength];
                return CallRecord
                    .Parser.ParseFrom(room, 0, _format.Write(exchange, room))
                    .Path.StartsWith('/');
            })
            .QuickCheckThrowOnFailure();

    private async Task<MemoryExchange> RunAsync(Call call)
    {
        var exchange = new MemoryExchange(
            call,
            lanes.Host.Services.GetRequiredService<GatewayStates>().Current,
            lanes.Now
        );
        await lanes.Host.Services.GetRequiredService<CallPath>().RunAsync(exchange);
        return exchange;
    }
}
