using System.Globalization;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Limits;

/// <summary>
/// Tells the strictest of the limits that applied (draft-ietf-httpapi-ratelimit-headers-10), on answers and refusals
/// alike; in a chain that limits anything.
/// </summary>
internal sealed class RateFields : IResponsePolicy
{
    public PolicyStage Stage => PolicyStage.AddressLimit;

    public static Verdict Judge(Exchange exchange, RateDecision decision, Problem problem)
    {
        if (!decision.IsAllowed)
        {
            exchange.Rate = decision.Status;
            Span<byte> seconds = stackalloc byte[20];
            decision.RetryAfter.TryFormat(
                seconds,
                out var length,
                provider: CultureInfo.InvariantCulture
            );
            exchange.ResponseHeaders.Set(HeaderName.RetryAfter, seconds[..length]);
            return Verdict.Of(problem);
        }

        if (decision.Status.IsStricterThan(exchange.Rate))
        {
            exchange.Rate = decision.Status;
        }

        return Verdict.Continue;
    }

    public void OnResponse(Exchange exchange)
    {
        var rate = exchange.Rate;
        if (rate.Limit == 0)
        {
            return;
        }

        Span<byte> text = stackalloc byte[160];
        System.Text.Unicode.Utf8.TryWrite(
            text,
            CultureInfo.InvariantCulture,
            $"\"{rate.Name}\";q={rate.Limit};w={rate.Window}",
            out var length
        );
        exchange.ResponseHeaders.Set(HeaderName.RateLimitPolicy, text[..length]);
        System.Text.Unicode.Utf8.TryWrite(
            text,
            CultureInfo.InvariantCulture,
            $"\"{rate.Name}\";r={rate.Remaining};t={rate.Reset}",
            out length
        );
        exchange.ResponseHeaders.Set(HeaderName.RateLimit, text[..length]);
    }
}
