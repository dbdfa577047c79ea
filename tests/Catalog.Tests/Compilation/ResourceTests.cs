using ApiSvc.Catalog.Compilation;
using ApiSvc.Contracts.GatewayConfig.V1;

namespace ApiSvc.Catalog.Tests.Compilation;

public sealed class ResourceTests
{
    private static readonly Guid First = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly Guid Second = Guid.Parse("01112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public void Compile_Plan_HasLimitsAndQuotas()
    {
        var resource = PlanCompiler.Compile(
            new(
                First,
                Second,
                "Gold",
                [new(100, 60, 20)],
                [new(1000, Quota.Types.Window.Day)],
                [Second, First]
            )
        );

        resource.Kind.ShouldBe(ResourceKind.Plan);
        Convert.ToHexString(resource.Id).ShouldBe("00112233445566778899AABBCCDDEEFF");
        var plan = (Plan)resource.Body;
        plan.Name.ShouldBe("Gold");
        (plan.Limits[0].Rate, plan.Limits[0].Period.Seconds, plan.Limits[0].Burst).ShouldBe(
            (100UL, 60L, 20UL)
        );
        plan.Quotas.ShouldBe([new Quota { Count = 1000, Window = Quota.Types.Window.Day }]);
        plan.OperationIds.Select(id => ResourceId.Read(id.Span)).ShouldBe([First, Second]);
    }

    [Fact]
    public void Compile_Subscription_HasWhatItJoins()
    {
        var ends = DateTimeOffset.FromUnixTimeSeconds(2_000_000_000);

        var resource = SubscriptionCompiler.Compile(
            new(First, Second, First, Second, [First], ends)
        );

        resource.Kind.ShouldBe(ResourceKind.Subscription);
        var subscription = (Subscription)resource.Body;
        ResourceId.Read(subscription.ApplicationId.Span).ShouldBe(Second);
        subscription.ExpiresAt.Seconds.ShouldBe(2_000_000_000);
        (
            (Subscription)
                SubscriptionCompiler.Compile(new(First, Second, First, Second, [], null)).Body
        ).ExpiresAt.ShouldBeNull();
    }

    [Fact]
    public void Compile_Application_SaysThatItExists()
    {
        var resource = ApplicationCompiler.Compile(new(First, Second, "Shop"));

        resource.Kind.ShouldBe(ResourceKind.Application);
        resource.RequiredFeatures.ShouldBeEmpty();
        resource.Body.ShouldBe(
            new Application
            {
                ApplicationId = ResourceId.InMessage(First),
                TeamId = ResourceId.InMessage(Second),
                Name = "Shop",
            }
        );
    }
}
