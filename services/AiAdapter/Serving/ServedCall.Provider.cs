using System.Net;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.Serving.Providers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.AiAdapter.Serving;

/// <content>Asking a provider.</content>
internal abstract partial class ServedCall
{
    private const int MostOfAnError = 64 << 10;

    /// <summary>Sends, and reads an answer that is no success.</summary>
    /// <returns>The answer, whose body is still to be read; or why there is none.</returns>
    protected async Task<(HttpResponseMessage? Answer, Failure? Failure)> AskAsync(
        ProviderRequest request,
        Func<ProviderReply, Failure> readError
    )
    {
        HttpResponseMessage? answer = null;
        try
        {
            WaitFor(Services.Options.AnswerTimeout);
            answer = await Services.Http.SendAsync(request, Deadline.Token);
            if (answer.IsSuccessStatusCode)
            {
                return (answer, null);
            }

            using (answer)
            {
                return (null, Hide(readError(await ReplyAsync(answer))));
            }
        }
        catch (Exception failed) when (FailureOf(failed) is { } failure)
        {
            answer?.Dispose();
            return (null, failure);
        }
    }

    /// <summary>Reads an answer that comes in one piece.</summary>
    protected async Task<(byte[]? Body, Failure? Failure)> ReadAsync(HttpResponseMessage answer)
    {
        try
        {
            WaitFor(Services.Options.AnswerTimeout);
            await using var stream = await answer.Content.ReadAsStreamAsync(Deadline.Token);
            var most = Services.Options.MaxAnswerBytes;
            var body = await Bounded.ReadAsync(stream, most, Deadline.Token);
            return body is null
                ? (
                    null,
                    new(
                        FailureKind.Malformed,
                        $"The provider's answer is longer than {most} bytes."
                    )
                )
                : (body, null);
        }
        catch (Exception failed) when (FailureOf(failed) is { } failure)
        {
            return (null, failure);
        }
    }

    /// <summary>What an exception on the way to the provider means; null: it is none of those.</summary>
    protected Failure? FailureOf(Exception failed) =>
        failed switch
        {
            OperationCanceledException when !IsClientGone => new(
                FailureKind.Timeout,
                "The provider did not answer in time."
            ),
            EgressBlockedException => new(
                FailureKind.ServerError,
                "The provider's address is not one that may be called from here."
            ),
            HttpRequestException or IOException => new(
                FailureKind.Cut,
                "The provider could not be reached, or broke the connection off."
            ),
            _ => null,
        };

    private async Task<ProviderReply> ReplyAsync(HttpResponseMessage answer)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(Deadline.Token);
        var body = await Bounded.ReadAsync(stream, MostOfAnError, Deadline.Token);
        return ProviderHttp.ReplyOf(answer, body, Services.Time.GetUtcNow());
    }

    // Some providers repeat a part of the key that they refuse.
    private static Failure Hide(Failure failure) =>
        failure.Kind is FailureKind.Authentication or FailureKind.Permission
            ? failure with
            {
                Message =
                    "The provider refuses the key that this model is set up with; its owner has to look.",
            }
            : failure;
}
