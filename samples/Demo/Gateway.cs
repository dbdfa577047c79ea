using System.Net;

namespace ApiSvc.Demo;

internal static class Gateway
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls the API as an application does, until the gateway knows of it.</summary>
    /// <exception cref="TimeoutException">It is not served; the message has the last answer.</exception>
    public static async Task WaitUntilServedAsync(DemoSettings settings, DemoResult demo)
    {
        using var client = new HttpClient { BaseAddress = settings.Gateway };
        client.DefaultRequestHeaders.Add("x-api-key", demo.ApiKey);
        using var deadline = new CancellationTokenSource(Patience);
        var last = "";
        try
        {
            while (true)
            {
                using var answer = await client.GetAsync(demo.SamplePath, deadline.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }

                last = $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}";
                await Task.Delay(Pause, deadline.Token);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{demo.SamplePath} is not served: {last}", e);
        }
    }
}
