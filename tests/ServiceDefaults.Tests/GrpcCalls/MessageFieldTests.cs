using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Tests.GrpcCalls.Proto;

namespace ApiSvc.ServiceDefaults.Tests.GrpcCalls;

public sealed class MessageFieldTests
{
    [Theory]
    [InlineData("thing.id", true)]
    [InlineData("thing", false)]
    [InlineData("thing.tags", false)]
    [InlineData("thing.size", false)]
    [InlineData("thing.id.x", false)]
    [InlineData("nothing", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Find_Path_IsOnlyATextField(string? path, bool isThere) =>
        (MessageField.Find(typeof(UpdateRequest), path) is not null).ShouldBe(isThere);

    [Fact]
    public void Read_MessageOnTheWayNotSet_IsNull() =>
        MessageField
            .Find(typeof(UpdateRequest), "thing.id")!
            .Read(new UpdateRequest())
            .ShouldBeNull();
}
