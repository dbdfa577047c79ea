using System.Net;
using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Who checks keys must refuse: without it, numbers would be those of a proxy that lets everybody in.</summary>
internal static class Refusal
{
    public static async Task CheckAsync(
        Subject subject,
        Landscape landscape,
        CancellationToken cancellationToken
    )
    {
        using var client = new HttpClient { BaseAddress = new Uri(subject.Http) };
        foreach (var key in (string?[])[null, landscape.Keys[0] + "x", landscape.Keys[0]])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, landscape.PathFor(0));
            if (key is not null)
            {
                request.Headers.Add("X-Api-Key", key);
            }

            using var answer = await client.SendAsync(request, cancellationToken);
            var expected =
                key == landscape.Keys[0] ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
            if (answer.StatusCode != expected)
            {
                throw new BenchException(
                    $"{subject.Name} answers {(int)answer.StatusCode} instead of {(int)expected}."
                );
            }
        }
    }
}
