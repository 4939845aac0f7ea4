//! The names of MAPI by which a reader searches the docs: each is found, at the typed item that stands for it or
//! where it says why none has to.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a reader who knows MAPI from C++ looks for, and in which file the item that comes first stands.
const NAMES: &[(&str, &str)] = &[
    ("session/logoff.rs", "IMAPISession::Logoff ulReserved"),
    (
        "session",
        "GetMsgStoresTable OpenMsgStore OpenAddressBook OpenProfileSection GetStatusTable OpenEntry CompareEntryIDs \
         Advise Unadvise MessageOptions QueryDefaultMessageOpt EnumAdrTypes QueryIdentity SetDefaultStore \
         AdminServices ShowForm PrepareForm GetLastError IMAPISession IMsgStore IMAPIFolder IMessage IMAPIProp \
         IMAPIContainer IAddrBook IMAPIStatus IProfSect IProfAdmin IMsgServiceAdmin IProviderAdmin IMailUser \
         LPMAPISESSION LPMDB LPMAPIFOLDER LPMESSAGE LPADRBOOK LPMAPITABLE MAPIOBJECT MAPILogonEx MAPIAdminProfiles \
         IMAPIClientShutdown QueryFastShutdown NotifyProcessShutdown DoFastShutdown HrThisThreadAdviseSink \
         HrDispatchNotifications IMAPITable HrQueryAllRows SRowSet LPSRowSet QueryRows SetColumns QueryColumns \
         GetRowCount SeekRow FindRow Restrict SortTable GetProps SetProps DeleteProps SaveChanges GetPropList \
         OpenProperty GetIDsFromNames GetNamesFromIDs HrGetOneProp HrSetOneProp GetContentsTable GetHierarchyTable \
         CreateMessage CreateFolder DeleteMessages SetReadFlags SubmitMessage ModifyRecipients GetRecipientTable \
         GetAttachmentTable OpenAttach GetReceiveFolder GetReceiveFolderTable StoreLogoff ValidateState FlushQueues \
         SettingsDialog ChangePassword CreateProfile DeleteProfile CopyProfile RenameProfile SetDefaultProfile \
         GetProfileTable CreateMsgService DeleteMsgService GetMsgServiceTable AdminProviders GetProviderTable \
         CreateProvider",
    ),
    ("mapi.rs", "MAPIInitialize MAPIUninitialize"),
    ("error.rs", "MAPIERROR"),
    ("hresult.rs", "HRESULT"),
    (
        "flags.rs",
        "MAPI_LOGOFF_SHARED MAPI_LOGOFF_UI MAPI_NEW_SESSION MAPI_LOGON_UI MAPI_USE_DEFAULT MAPI_EXTENDED \
         MAPI_ALLOW_OTHERS MAPI_NT_SERVICE MAPI_NO_MAIL MAPI_UNICODE MDB_WRITE MDB_NO_DIALOG MAPI_BEST_ACCESS \
         MAPI_MODIFY fnevNewMail fnevTableModified fnevCriticalError fnevExtended fnevObjectCreated MAPIINIT",
    ),
    (
        "property",
        "SPropValue LPSPropValue SBinary SPropTagArray SPropProblemArray MAPINAMEID FILETIME PpropFindProp",
    ),
    ("table", "SRestriction SSortOrder SSortOrderSet BOOKMARK"),
    (
        "types",
        "ENTRYID MAPIUID ENTRYLIST ADRLIST ADRENTRY ulUIParam",
    ),
    ("notification.rs", "NOTIFICATION IMAPIAdviseSink OnNotify"),
    (
        "lib.rs",
        "MAPIAllocateBuffer MAPIAllocateMore MAPIFreeBuffer MAPIGetDefaultMalloc IMalloc FreeProws FreePadrlist \
         ScCopyProps PropCopyMore HrAllocAdviseSink IUnknown QueryInterface AddRef",
    ),
    ("guide.rs", "IMAPISessionLogoff IMAPISession.Logoff"),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|it| it == "rs"))
        .collect()
}

/// The aliases of each file, whose names begin behind `src/`.
fn aliases() -> BTreeMap<String, Vec<String>> {
    let mut aliases: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for path in sources(Path::new("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path
            .strip_prefix("src")
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        for part in text.split("doc(alias = \"").skip(1) {
            let alias = part.split('"').next().unwrap().to_string();
            aliases.entry(alias).or_default().push(name.clone());
        }
    }
    aliases
}

/// rustdoc takes upper and lower case, and underscores, as one.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|it| *it != '_')
        .collect::<String>()
        .to_lowercase()
}

#[test]
fn each_name_of_mapi_is_found() {
    let aliases = aliases();
    let mut count = 0;
    for (place, names) in NAMES {
        for name in names.split_whitespace() {
            count += 1;
            let found = aliases.get(name).map_or(&[][..], Vec::as_slice);
            let is_there = found
                .iter()
                .any(|file| file.starts_with(place.trim_end_matches(".rs")));
            let is_method = || {
                let files = sources(Path::new("src")).into_iter();
                let mut files = files.filter(|path| {
                    path.to_string_lossy()
                        .contains(place.trim_end_matches(".rs"))
                });
                files.any(|path| {
                    let text = fs::read_to_string(path).unwrap();
                    let mut methods = text.split("pub fn ").skip(1);
                    methods.any(|it| plain(it.split(['(', '<']).next().unwrap()) == plain(name))
                })
            };
            assert!(
                is_there || is_method(),
                "{name} leads nowhere in {place}: {found:?}"
            );
        }
    }
    assert!(count >= 150, "{count}");
}

#[test]
fn the_traits_of_implementors_have_no_names_of_mapi() {
    for (alias, files) in aliases() {
        let below = files.iter().find(|file| file.starts_with("subsystem"));
        assert!(below.is_none(), "{alias} would lead to {below:?} first");
    }
}

#[test]
fn the_page_of_names_can_be_searched() {
    let aliases = aliases();
    let page = fs::read_to_string("src/names.md").unwrap();
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| MAPI |"));
    for row in rows {
        let first = row.split('|').nth(1).unwrap();
        for name in first.split(',').map(str::trim) {
            let is_said_in_words = name.contains(' ') || name.ends_with('*');
            let method = name.rsplit("::").next().unwrap();
            let is_found = aliases.contains_key(name) || aliases.contains_key(method);
            assert!(
                is_said_in_words || is_found || method == "Release",
                "{name}"
            );
        }
    }
}
