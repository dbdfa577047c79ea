using System.Net;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.ServiceDefaults.Tests.Egress;

/// <summary>Gives one answer after the other, the last one for ever.</summary>
internal sealed class FakeResolver(params string[][] answers) : IHostResolver
{
    public int Asked { get; private set; }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var answer = answers.Length == 0 ? [] : answers[Math.Min(Asked, answers.Length - 1)];
        Asked++;
        return Task.FromResult(answer.Select(IPAddress.Parse).ToArray());
    }
}
