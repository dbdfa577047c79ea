using ApiSvc.SampleService.Notes;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("notesdb");
builder.Services.AddScoped<NoteOwners>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapNotes();
app.MapGrpcService<NotesService>();
return await app.RunServiceAsync(args);
