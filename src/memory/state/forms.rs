//! Forms: messages that are prepared to be shown (M11).

use super::{
    ClientKey, Kind, Object, ObjectKey, Provided, ProviderKey, Refusal, Result, State, Step,
    check_flags, quoted,
};
use crate::UiParam;
use crate::flags::ShowFormFlags;
use crate::memory::user::Question;
use crate::types::{FormToken, ObjectType};

/// The arguments of ShowForm.
pub(crate) struct FormRequest<'a> {
    pub(crate) parent: UiParam,
    pub(crate) store: ObjectKey,
    pub(crate) folder: ObjectKey,
    pub(crate) token: FormToken,
    pub(crate) flags: u32,
    pub(crate) message_class: &'a str,
}

impl State {
    /// IMAPISession::PrepareForm (rule M11).
    pub(crate) fn prepare_form(
        &mut self,
        client: ClientKey,
        message: ObjectKey,
    ) -> Result<FormToken> {
        self.live(client)?;
        let object = self.opened(message)?;
        let is_its_message =
            |it: &&Provided| object.client == client && it.object_type == ObjectType::MESSAGE;
        let message = object.provided().filter(is_its_message);
        let Provided {
            provider, number, ..
        } = *message.ok_or(Refusal::NotAForm)?;
        // It holds its message until it is shown.
        let form = self.open(client, Kind::Form { provider, number }, false);
        self.count_opening(client, provider, None, false);
        let extras = self.clients[client].extras_mut();
        extras.last_token = extras.last_token.wrapping_add(1);
        extras.forms.insert(extras.last_token, form);
        Ok(FormToken::new(extras.last_token))
    }

    /// A token is used once.
    pub(crate) fn show_form(
        &mut self,
        client: ClientKey,
        request: &FormRequest<'_>,
    ) -> Step<Result<()>> {
        Step::checked(|| {
            self.live(client)?;
            let flags = ShowFormFlags::from(request.flags);
            check_flags(&flags)?;
            let form = self.take_form(client, request.token);
            let form = form.ok_or(Refusal::UnknownToken(request.token.get()))?;
            let shown = Step::checked(|| self.show(client, request, flags, form));
            Ok(shown.then(self, move |state, shown| {
                let released = state.release(form);
                released.then(state, |_, ()| Step::Done(shown))
            }))
        })
    }

    /// A form that is not to be shown is given back with its message.
    pub(crate) fn discard_form(&mut self, client: ClientKey, token: FormToken) -> Step<()> {
        match self.take_form(client, token) {
            Some(form) => self.release(form),
            None => Step::Done(()),
        }
    }

    fn take_form(&mut self, client: ClientKey, token: FormToken) -> Option<ObjectKey> {
        let client = self.clients.get_mut(client)?;
        client.extras_mut().forms.remove(&token.get())
    }

    fn show(
        &mut self,
        client: ClientKey,
        request: &FormRequest<'_>,
        flags: ShowFormFlags,
        form: ObjectKey,
    ) -> Result<Step<Result<()>>> {
        let (store, message) = self.check_form(client, request, form)?;
        let question = Question::ShowForm {
            message_class: request.message_class.into(),
        };
        let then = move |state: &mut Self, answer: Result<Option<String>>| {
            Step::checked(|| {
                if let Some(picked) = answer? {
                    let picked = quoted(&picked);
                    return Err(Refusal::PickedAtForm(picked).into());
                }
                // The user has taken a while.
                state.live(client)?;
                match flags.contains(ShowFormFlags::POST_MESSAGE) {
                    true => Ok(Step::Done(Ok(()))),
                    false => state.submit(client, store, message),
                }
            })
        };
        Ok(Step::ask(question, request.parent, then))
    }

    fn check_form(
        &self,
        client: ClientKey,
        request: &FormRequest<'_>,
        form: ObjectKey,
    ) -> Result<(ProviderKey, u32)> {
        let (of_store, message) = match self.objects[form].kind {
            Kind::Form { provider, number } => (provider, number),
            _ => return Err(Refusal::NotAForm.into()),
        };
        let (store, folder) = (self.opened(request.store)?, self.opened(request.folder)?);
        let is_there = |object: &Object, object_type| {
            let it = object.provided().filter(|_| object.client == client);
            it.is_some_and(|it| it.provider == of_store && it.object_type == object_type)
        };
        let is_its_store = is_there(store, ObjectType::STORE);
        let is_folder_there = is_there(folder, ObjectType::FOLDER);
        match (is_its_store, is_folder_there) {
            (false, _) => Err(Refusal::FormOfOtherStore(self.describe(request.store)).into()),
            (true, false) => Err(Refusal::FormInOtherFolder(
                self.describe(request.folder),
                self.describe(request.store),
            )
            .into()),
            (true, true) => Ok((of_store, message)),
        }
    }

    /// An object for a person to read.
    pub(crate) fn describe(&self, key: ObjectKey) -> Box<str> {
        match self.objects.get(key).map(|object| &object.kind) {
            Some(Kind::Provided(it)) if it.is_store() => {
                let name = &self.profiles.providers[it.provider].name;
                format!("MemoryMsgStore({name:?})").into()
            }
            Some(Kind::Provided(Provided { object_type, .. }) | Kind::Mapi { object_type, .. }) => {
                format!("MemoryObject({object_type:?})").into()
            }
            Some(Kind::Section { uid, .. }) => format!("MemoryProfileSection({uid:?})").into(),
            Some(Kind::Table(table)) => table.name().into(),
            _ => "an object of a session that has ended".into(),
        }
    }
}
