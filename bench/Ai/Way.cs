using System.Net.Http.Headers;
using System.Text;

namespace ApiSvc.Bench.Ai;

/// <summary>A way to a model: straight to the provider, or through a gateway.</summary>
/// <param name="Name">For people.</param>
/// <param name="Address">Where chat completions are asked.</param>
/// <param name="Headers">Sent with every call; made anew each time, since tokens end.</param>
/// <param name="ProcessId">What its processor time is read from.</param>
internal sealed record Way(
    string Name,
    Uri Address,
    Func<IReadOnlyList<(string Name, string Value)>> Headers,
    int ProcessId
)
{
    /// <summary>Begins a call.</summary>
    /// <param name="http">The connections.</param>
    /// <param name="model">Whose behaviour is its name.</param>
    /// <param name="stream">Whether the answer comes in pieces.</param>
    public async Task<HttpResponseMessage> AskAsync(HttpClient http, string model, bool stream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Content = new ByteArrayContent(
                Encoding.UTF8.GetBytes(
                    $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"How are you today, and what is the weather like?"}]}"""
                )
            )
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        foreach (var (name, value) in Headers())
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        // A refusal ends the run: a number with refusals in it is worth nothing.
        throw new InvalidOperationException(
            $"{Name} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}"
        );
    }
}
