using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>What the strategies cannot see of each other.</summary>
internal sealed class HttpStandardResilienceOptionsValidator
    : IValidateOptions<HttpStandardResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpStandardResilienceOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.AttemptTimeout.Timeout > options.TotalRequestTimeout.Timeout)
        {
            result.AddError(
                $"TotalRequestTimeout ({options.TotalRequestTimeout.Timeout}) is shorter than AttemptTimeout ({options.AttemptTimeout.Timeout}) of the resilience pipeline '{name}'."
            );
        }

        if (options.CircuitBreaker.SamplingDuration < options.AttemptTimeout.Timeout * 2)
        {
            result.AddError(
                $"CircuitBreaker.SamplingDuration ({options.CircuitBreaker.SamplingDuration}) is shorter than two AttemptTimeouts ({options.AttemptTimeout.Timeout}) of the resilience pipeline '{name}': the breaker could not see failures by timeout."
            );
        }

        return result.Build();
    }
}
