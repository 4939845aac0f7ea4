/* A MAPI client in C, as any is written: it is linked to mapi32.dll, declares the interfaces itself, and on
 * each of several threads logs on, reads the Inbox, is notified of a message that it saves, and logs off in
 * order. It prints what it reads; what goes wrong ends it with 1. */

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#define THREADS 4

/* Interfaces: a vtable is an array of functions, and SLOT names those that are used. */
typedef struct Object { void **vtable; } Object;
#define METHOD(object, slot, result, ...) \
    ((result(STDMETHODCALLTYPE *)(Object *, __VA_ARGS__))(object)->vtable[slot])
#define RELEASE(object) ((ULONG(STDMETHODCALLTYPE *)(Object *))(object)->vtable[2])(object)

enum {
    SESSION_GET_MSG_STORES_TABLE = 4,
    SESSION_OPEN_MSG_STORE = 5,
    SESSION_LOGOFF = 17,
    PROP_SAVE_CHANGES = 4,
    PROP_SET_PROPS = 8,
    STORE_ADVISE = 14,
    STORE_UNADVISE = 15,
    STORE_OPEN_ENTRY = 17,
    STORE_GET_RECEIVE_FOLDER = 19,
    CONTAINER_GET_CONTENTS_TABLE = 14,
    FOLDER_CREATE_MESSAGE = 19,
    TABLE_SET_COLUMNS = 7,
    TABLE_QUERY_ROWS = 19,
};

typedef struct { ULONG cb; BYTE *lpb; } Binary;
typedef union { LONG l; WCHAR *text; Binary bin; __int64 li; } Value;
typedef struct { ULONG tag; ULONG pad; Value value; } Prop;
typedef struct { ULONG pad; ULONG count; Prop *props; } Row;
typedef struct { ULONG count; Row rows[1]; } RowSet;
typedef struct { ULONG version; ULONG flags; } MapiInit;

#define PR_ENTRYID 0x0FFF0102
#define PR_DEFAULT_STORE 0x3400000B
#define PR_SUBJECT_W 0x0037001F
#define PR_SENDER_NAME_W 0x0C1A001F
#define MAPI_UNICODE 0x80000000
#define MAPI_BEST_ACCESS 0x10
#define MAPI_MODIFY 1
#define MDB_WRITE 4
#define MAPI_LOGON_NEW_SESSION (0x2 | 0x20 | MAPI_UNICODE)
#define MAPI_MULTITHREAD_NOTIFICATIONS 1
#define FNEV_OBJECT_CREATED 4

HRESULT WINAPI MAPIInitialize(void *);
void WINAPI MAPIUninitialize(void);
HRESULT WINAPI MAPILogonEx(ULONG_PTR, WCHAR *, WCHAR *, ULONG, Object **);
ULONG WINAPI MAPIFreeBuffer(void *);
HRESULT WINAPI HrQueryAllRows(Object *, ULONG *, void *, void *, LONG, RowSet **);
void WINAPI FreeProws(RowSet *);

static void check(HRESULT result, const char *what)
{
    if (result != S_OK) {
        fprintf(stderr, "%s: %08lX\n", what, (unsigned long)result);
        exit(1);
    }
}

/* A sink: it counts what it is told, and whether two threads were in it at once. */
typedef struct Sink {
    void **vtable;
    LONG references, told, inside;
} Sink;

static HRESULT STDMETHODCALLTYPE sink_query(Sink *sink, const IID *iid, void **place)
{
    (void)iid;
    InterlockedIncrement(&sink->references);
    *place = sink;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_add_ref(Sink *sink)
{
    return InterlockedIncrement(&sink->references);
}

static ULONG STDMETHODCALLTYPE sink_release(Sink *sink)
{
    return InterlockedDecrement(&sink->references);
}

static ULONG STDMETHODCALLTYPE sink_on_notify(Sink *sink, ULONG count, void *notifications)
{
    (void)notifications;
    if (InterlockedIncrement(&sink->inside) != 1) {
        fprintf(stderr, "a sink is called by two threads at once\n");
        exit(1);
    }
    InterlockedExchangeAdd(&sink->told, count);
    InterlockedDecrement(&sink->inside);
    return 0;
}

static void *sink_methods[] = {
    (void *)sink_query, (void *)sink_add_ref, (void *)sink_release, (void *)sink_on_notify,
};

static void read_inbox(Object *inbox)
{
    static ULONG columns[] = {2, PR_SUBJECT_W, PR_SENDER_NAME_W};
    Object *table;
    RowSet *rows;
    check(METHOD(inbox, CONTAINER_GET_CONTENTS_TABLE, HRESULT, ULONG, Object **)(inbox, MAPI_UNICODE, &table),
          "GetContentsTable");
    check(METHOD(table, TABLE_SET_COLUMNS, HRESULT, ULONG *, ULONG)(table, columns, 0), "SetColumns");
    for (;;) {
        check(METHOD(table, TABLE_QUERY_ROWS, HRESULT, LONG, ULONG, RowSet **)(table, 50, 0, &rows), "QueryRows");
        if (rows->count == 0)
            break;
        for (ULONG i = 0; i < rows->count; i++) {
            Prop *props = rows->rows[i].props;
            if (props[1].tag == PR_SENDER_NAME_W)
                printf("%ls: %ls\n", props[1].value.text, props[0].value.text);
        }
        FreeProws(rows);
    }
    FreeProws(rows);
    RELEASE(table);
}

static void save_message(Object *inbox)
{
    Object *message;
    Prop subject = {PR_SUBJECT_W, 0, {.text = L"A note"}};
    check(METHOD(inbox, FOLDER_CREATE_MESSAGE, HRESULT, IID *, ULONG, Object **)(inbox, NULL, 0, &message),
          "CreateMessage");
    check(METHOD(message, PROP_SET_PROPS, HRESULT, ULONG, Prop *, void **)(message, 1, &subject, NULL), "SetProps");
    check(METHOD(message, PROP_SAVE_CHANGES, HRESULT, ULONG)(message, 0), "SaveChanges");
    RELEASE(message);
}

static Object *open_default_store(Object *session)
{
    static ULONG columns[] = {2, PR_ENTRYID, PR_DEFAULT_STORE};
    Object *table, *store = NULL;
    RowSet *rows;
    check(METHOD(session, SESSION_GET_MSG_STORES_TABLE, HRESULT, ULONG, Object **)(session, 0, &table),
          "GetMsgStoresTable");
    check(HrQueryAllRows(table, columns, NULL, NULL, 0, &rows), "HrQueryAllRows");
    for (ULONG i = 0; i < rows->count && store == NULL; i++) {
        Prop *props = rows->rows[i].props;
        if (props[1].tag == PR_DEFAULT_STORE && props[1].value.l & 0xFFFF)
            check(METHOD(session, SESSION_OPEN_MSG_STORE, HRESULT, ULONG_PTR, ULONG, void *, IID *, ULONG, Object **)(
                      session, 0, props[0].value.bin.cb, props[0].value.bin.lpb, NULL, MDB_WRITE, &store),
                  "OpenMsgStore");
    }
    FreeProws(rows);
    RELEASE(table);
    return store;
}

static DWORD WINAPI run(void *unused)
{
    MapiInit init = {0, MAPI_MULTITHREAD_NOTIFICATIONS};
    Sink sink = {sink_methods, 1, 0, 0};
    Object *session, *store, *inbox;
    ULONG size, type;
    ULONG_PTR connection;
    void *id;
    (void)unused;
    check(MAPIInitialize(&init), "MAPIInitialize");
    check(MAPILogonEx(0, L"Outlook", NULL, MAPI_LOGON_NEW_SESSION, &session), "MAPILogonEx");
    store = open_default_store(session);
    check(METHOD(store, STORE_GET_RECEIVE_FOLDER, HRESULT, WCHAR *, ULONG, ULONG *, void **, WCHAR **)(
              store, L"IPM.Note", MAPI_UNICODE, &size, &id, NULL),
          "GetReceiveFolder");
    check(METHOD(store, STORE_OPEN_ENTRY, HRESULT, ULONG, void *, IID *, ULONG, ULONG *, Object **)(
              store, size, id, NULL, MAPI_MODIFY, &type, &inbox),
          "OpenEntry");
    check(METHOD(store, STORE_ADVISE, HRESULT, ULONG, void *, ULONG, Sink *, ULONG_PTR *)(
              store, 0, NULL, FNEV_OBJECT_CREATED, &sink, &connection),
          "Advise");
    read_inbox(inbox);
    save_message(inbox);
    for (int i = 0; i < 500 && sink.told == 0; i++)
        Sleep(10);
    if (sink.told == 0) {
        fprintf(stderr, "the sink was not told\n");
        exit(1);
    }
    check(METHOD(store, STORE_UNADVISE, HRESULT, ULONG_PTR)(store, connection), "Unadvise");
    MAPIFreeBuffer(id);
    RELEASE(inbox);
    RELEASE(store);
    check(METHOD(session, SESSION_LOGOFF, HRESULT, ULONG_PTR, ULONG, ULONG)(session, 0, 0, 0), "Logoff");
    RELEASE(session);
    MAPIUninitialize();
    if (sink.references != 1) {
        fprintf(stderr, "the sink has %ld references\n", sink.references);
        exit(1);
    }
    return 0;
}

int main(void)
{
    HANDLE threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, run, NULL, 0, NULL);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    printf("done\n");
    return 0;
}
